"""A study as workers leave it: demo photographs, maps at the sizes of nine layers, regions of both signs."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
import PIL.Image
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from numpy.typing import NDArray

from analysis.regions.archive import pack_maps
from analysis.regions.results import ImageRegions, LayerRegions, Region, Seconds
from labeling.models import Image, Network, Study
from labeling.models.study import StudyState
from labeling.services.demo import PHOTOS
from labeling.services.options import options_draw
from labeling.services.regions import regions_write
from labeling.services.studies import image_folder

SIDES = (56, 28, 28, 28, 14, 14, 14, 7, 7)
OPPOSING_FROM = 0.75  # the last quarter of a layer's regions


def make_study(slug: str, class_names: Sequence[str]) -> Study:
    network = Network.objects.create(
        name="efficientnet_lite0", class_names=list(class_names), digest="1" * 64
    )
    return Study.objects.create(
        slug=slug, title="Load", network=network, state=StudyState.OPEN, consent_text="What we keep."
    )


def add_photographs(study: Study, count: int, regions: Sequence[int]) -> None:
    """`count` prepared photographs; `regions` says how many regions each of the nine layers has."""
    for number, path in enumerate(sorted(PHOTOS.glob("*.jpg"))[:count]):
        _add(study, number, _encoded(PIL.Image.open(path).convert("RGB")), regions)
    for image in study.images.all():
        image.options = options_draw(image)
        image.save(update_fields=["options"])


def _add(study: Study, number: int, photo: bytes, regions: Sequence[int]) -> None:
    class_index = (7 * number) % len(study.network.class_names)
    name: str = study.network.class_names[class_index]
    with PIL.Image.open(BytesIO(photo)) as opened:
        width, height = opened.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    image = Image.objects.create(
        study=study, sha256=f"{number:064}", name=f"photo-{number}.jpg", author="Ada", licence="CC0-1.0",
        class_name=name, true_class=class_index, predicted_class=class_index, predicted_name=name,
        probability=0.8, explained_class=class_index, explained_name=name, explained_probability=0.8,
        logit=9.0, network_digest=study.network.digest, crop=[left, top, left + side, top + side],
        prepared_at=timezone.now(),
    )  # fmt: skip
    found = _found(number, class_index, name, regions)
    folder = image_folder(image)
    image.photo = default_storage.save(f"{folder}/photo.jpg", ContentFile(photo))
    image.maps = default_storage.save(f"{folder}/maps-1.npz", ContentFile(pack_maps(found)))
    image.save(update_fields=["photo", "maps"])
    regions_write(study=study, image=image, found=found)


def _encoded(photo: PIL.Image.Image) -> bytes:
    buffer = BytesIO()
    photo.save(buffer, "JPEG", quality=95, subsampling=0)
    return buffer.getvalue()


def _found(number: int, class_index: int, name: str, regions: Sequence[int]) -> ImageRegions:
    dice = np.random.default_rng(number)
    layers = [
        _layer(f"_blocks.{7 + depth}", side, count, dice)
        for depth, (side, count) in enumerate(zip(SIDES, regions, strict=True))
    ]
    none = Seconds(0.0, 0.0, 0.0, 0.0)
    return ImageRegions(class_index, name, 0.8, 9.0, class_index, name, 0.8, tuple(layers), none)


def _layer(name: str, side: int, count: int, dice: np.random.Generator) -> LayerRegions:
    weights = np.sort(dice.dirichlet(np.ones(count)))[::-1]
    regions = tuple(
        Region(
            index=index,
            weight=float(weight),
            sign="supports" if index < OPPOSING_FROM * count else "opposes",
            effect=float(weight),
            stability=0.9,
            map_indices=tuple(range(12 * index, 12 * index + 12)),
            map=_map(side, dice),
            area=0.2,
            mean_activation=0.2,
        )
        for index, weight in enumerate(weights)
    )
    return LayerRegions(name, 240, 0.8, 0.05, 0.05, 0.1, count, 0.4, regions)


def _map(side: int, dice: np.random.Generator) -> NDArray[np.float32]:
    """(side, side) float32: a bright spot somewhere, and noise."""
    rows, columns = np.mgrid[0:side, 0:side] / side
    spot = np.exp(-20 * ((rows - dice.random()) ** 2 + (columns - dice.random()) ** 2))
    return np.asarray(spot + 0.1 * dice.random((side, side)), dtype=np.float32)
