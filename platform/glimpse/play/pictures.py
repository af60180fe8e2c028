"""Pictures made for one request: glimpses, photos and evidence, always of the crop that the network saw."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
import PIL.Image
from django.http import HttpResponse

from analysis.regions.archive import unpack_map
from analysis.regions.overlays import render_overlay
from analysis.regions.reveals import render_reveal
from labeling.models import Image, Region

STAGE_SIDE = 560
CARD_SIDE = 320


def crop_of(image: Image, side: int) -> PIL.Image.Image:
    """The square that the network saw, `side` pixels wide, at the photo's own resolution."""
    left, top, right, bottom = image.crop
    with image.photo.open("rb") as file, PIL.Image.open(file) as photo:
        return photo.convert("RGB").resize(
            (side, side), PIL.Image.Resampling.LANCZOS, box=(left, top, right, bottom)
        )


def glimpse(region: Region, level: int) -> PIL.Image.Image:
    region_map = unpack_map(_archive(region.image), region.layer, region.index)
    return render_reveal(crop_of(region.image, STAGE_SIDE), region_map, level)


def evidence(image: Image, regions: Sequence[Region], side: int) -> PIL.Image.Image:
    """The photo with what these regions of one layer answer to: the weighted mean of their maps."""
    archive = _archive(image)
    maps = [unpack_map(archive, region.layer, region.index) for region in regions]
    weights = np.array([region.weight for region in regions], dtype=np.float32)
    merged = np.average(np.stack(maps), axis=0, weights=weights).astype(np.float32)
    return render_overlay(crop_of(image, side), merged)


def _archive(image: Image) -> bytes:
    with image.maps.open("rb") as file:
        return bytes(file.read())


def respond(picture: PIL.Image.Image) -> HttpResponse:
    """As WebP without metadata, for this player's browser alone."""
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=82, method=2)
    response = HttpResponse(buffer.getvalue(), content_type="image/webp")
    response["Cache-Control"] = "private, max-age=3600"
    return response
