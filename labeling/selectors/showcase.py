"""The glimpse that the front page gives away, to somebody who has not agreed to anything yet."""

import random
from dataclasses import dataclass

from django.db.models import QuerySet

from labeling.models import Image, Region
from labeling.models.image import Sign
from labeling.models.study import StudyState
from labeling.selectors.class_names import class_names, display_name

OPTIONS = 4
LAYERS_FROM_THE_END = 3  # where parts of things are seen: neither edges nor all of it


@dataclass(frozen=True, slots=True)
class Showcase:
    """An image that nobody plays, the region of it that is shown, and what it may be."""

    image: Image
    region: Region
    options: list[tuple[int, str]]


def showcase_draw() -> Showcase | None:
    """One of the open studies' showcase images; None where there is none yet."""
    keys = list(_given_away().values_list("key", flat=True))
    return showcase_of(random.choice(keys)) if keys else None


def showcase_of(key: str) -> Showcase | None:
    image = _given_away().select_related("study__network").filter(key=key).first()
    if image is None or (region := _telling_region(image)) is None:
        return None
    return Showcase(image, region, _options(image))


def _given_away() -> QuerySet[Image]:
    images = Image.objects.filter(showcase=True, study__state=StudyState.OPEN)
    return images.exclude(prepared_at=None)


def _telling_region(image: Image) -> Region | None:
    """The heaviest supporting region of a layer near the end."""
    supporting = image.regions.filter(revision=image.study.revision, sign=Sign.SUPPORTS)
    depths = sorted(set(supporting.values_list("depth", flat=True)))
    if not depths:
        return None
    depth = depths[-min(LAYERS_FROM_THE_END, len(depths))]
    return supporting.filter(depth=depth).order_by("-weight", "index").first()


def _options(image: Image) -> list[tuple[int, str]]:
    """The right class and three wrong ones of those that a round would offer, in the image's own order."""
    names = class_names(image.study)
    wrong = [index for index in image.options if index != image.answer_class][: OPTIONS - 1]
    shown = [index for index in image.options if index in {*wrong, image.answer_class}]
    return [(index, display_name(image.study, names[index])) for index in shown]
