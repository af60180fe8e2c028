"""Pictures are drawn once for the same content, and anew for any other."""

from collections.abc import Iterator
from io import BytesIO
from unittest.mock import patch

import numpy as np
import PIL.Image
import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from glimpse.play import pictures
from labeling.models import Image, Region, Round, Study


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def image_of(study: Study) -> Image:
    return study.images.order_by("pk")[0]


def region_of(study: Study) -> Region:
    return image_of(study).regions.order_by("pk")[0]


def test_a_glimpse_is_drawn_once(study: Study) -> None:
    first = pictures.glimpse(region_of(study), 2)
    with patch.object(pictures, "render_reveal", side_effect=AssertionError):
        assert pictures.glimpse(region_of(study), 2) == first
    with PIL.Image.open(BytesIO(first)) as picture:
        assert picture.size == (pictures.STAGE_SIDE, pictures.STAGE_SIDE)


def test_every_level_and_region_is_its_own_picture(study: Study) -> None:
    regions = [region for image in study.images.all() for region in image.regions.all()]
    found = {pictures.glimpse(region, level) for region in regions for level in range(6)}
    assert len(found) == 6 * len(regions)


def test_another_photo_or_other_maps_are_drawn_anew(study: Study) -> None:
    region = region_of(study)
    other = study.images.order_by("pk")[1]
    first = pictures.glimpse(region, 5)
    with region.image.photo.open("rb") as mine, other.photo.open("rb") as theirs:
        my_photo, their_photo = mine.read(), theirs.read()
    default_storage.save(region.image.photo.name, ContentFile(their_photo))
    with_their_photo = pictures.glimpse(region, 5)
    default_storage.save(region.image.photo.name, ContentFile(my_photo))
    region.image.maps = other.maps
    assert len({first, with_their_photo, pictures.glimpse(region, 5)}) == 3


def test_evidence_is_drawn_once_a_side(study: Study) -> None:
    image, regions = image_of(study), [region_of(study)]
    card = pictures.evidence(image, regions, pictures.CARD_SIDE)
    assert pictures.evidence(image, regions, pictures.STAGE_SIDE) != card
    with patch.object(pictures, "render_overlay", side_effect=AssertionError):
        assert pictures.evidence(image, regions, pictures.CARD_SIDE) == card


def test_what_is_kept_is_not_for_strangers(visit: Client, other: Client, round_: Round) -> None:
    address = reverse("play:glimpse", args=[round_.key, 0])
    assert visit.get(address).status_code == 200
    assert other.get(address).status_code == 404
    assert visit.get(reverse("play:glimpse", args=[round_.key, 1])).status_code == 404


def test_a_kept_glimpse_answers_as_a_new_one(visit: Client, round_: Round) -> None:
    address = reverse("play:glimpse", args=[round_.key, 0])
    new, kept = visit.get(address), visit.get(address)
    assert kept.content == new.content
    assert kept.headers.items() == new.headers.items()
    assert np.asarray(PIL.Image.open(BytesIO(new.content))).shape == (560, 560, 3)
