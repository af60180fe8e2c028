"""Pictures made for one request: glimpses, photos and evidence, always of the crop that the network saw.

A glimpse or evidence once drawn is kept for an hour in Django's cache: by default, a few hundred entries in
the memory of the process. Its key is the content that it is drawn from, so it is never stale and never of
another picture; who may see it is decided before, in the views.
"""

import hashlib
from collections.abc import Callable, Sequence
from io import BytesIO

import numpy as np
import PIL.Image
from django.core.cache import cache
from django.db.models.fields.files import FieldFile
from django.http import HttpResponse

from analysis.regions.archive import unpack_map
from analysis.regions.overlays import render_overlay
from analysis.regions.results import Sign
from analysis.regions.reveals import render_reveal
from labeling.models import Image, Region

STAGE_SIDE = 560
CARD_SIDE = 320
KEPT_SECONDS = 3600


def crop_of(image: Image, side: int) -> PIL.Image.Image:
    """The square that the network saw, `side` pixels wide, at the photo's own resolution."""
    return _crop(_content(image.photo), image, side)


def glimpse(region: Region, level: int) -> bytes:
    """One level's pixels on black, as WebP."""
    image = region.image
    photo, archive = _content(image.photo), _content(image.maps)

    def draw() -> PIL.Image.Image:
        region_map = unpack_map(archive, region.layer, region.index)
        return render_reveal(_crop(photo, image, STAGE_SIDE), region_map, level)

    return _kept(draw, "glimpse", photo, archive, image.crop, region.layer, region.index, level, STAGE_SIDE)


def evidence(image: Image, regions: Sequence[Region], side: int) -> bytes:
    """The photo with what these regions of one layer answer to, the weighted mean of their maps, as WebP.

    It lies under cold light where all of them oppose the class.
    """
    photo, archive = _content(image.photo), _content(image.maps)
    shown = [(region.layer, region.index, region.weight) for region in regions]
    sign: Sign = "opposes" if all(region.sign == "opposes" for region in regions) else "supports"

    def draw() -> PIL.Image.Image:
        maps = np.stack([unpack_map(archive, layer, index) for layer, index, _ in shown])
        merged = np.average(maps, axis=0, weights=[weight for _, _, weight in shown])
        return render_overlay(_crop(photo, image, side), merged.astype(np.float32), sign)

    return _kept(draw, "evidence", photo, archive, image.crop, shown, sign, side)


def _crop(photo: bytes, image: Image, side: int) -> PIL.Image.Image:
    left, top, right, bottom = image.crop
    with PIL.Image.open(BytesIO(photo)) as opened:
        return opened.convert("RGB").resize(
            (side, side), PIL.Image.Resampling.LANCZOS, box=(left, top, right, bottom)
        )


def _content(stored: FieldFile) -> bytes:
    with stored.open("rb") as file:
        return bytes(file.read())


def _kept(draw: Callable[[], PIL.Image.Image], *drawn_from: object) -> bytes:
    """The WebP that was kept for the same content, or draw and keep it."""
    digest = hashlib.sha256()
    for part in drawn_from:
        digest.update(hashlib.sha256(part if isinstance(part, bytes) else repr(part).encode()).digest())
    key = f"picture-{digest.hexdigest()}"
    kept = cache.get(key)
    if isinstance(kept, bytes):
        return kept
    encoded = _webp(draw())
    cache.set(key, encoded, KEPT_SECONDS)
    return encoded


def _webp(picture: PIL.Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=82, method=2)
    return buffer.getvalue()


def respond(picture: PIL.Image.Image | bytes) -> HttpResponse:
    """A picture, or its WebP, without metadata and for this player's browser alone."""
    content = picture if isinstance(picture, bytes) else _webp(picture)
    response = HttpResponse(content, content_type="image/webp")
    response["Cache-Control"] = "private, max-age=3600"
    return response
