"""The picture of a glimpse: what it shows, and not a byte of the rest of the photo."""

from io import BytesIO

import numpy as np
import PIL.Image
import pytest
from django.urls import reverse
from numpy.typing import NDArray

from analysis.regions.archive import unpack_map
from analysis.regions.reveals import REVEAL_SHARES, reveal_mask
from glimpse.play.pictures import STAGE_SIDE
from labeling.models import Image, Round
from tests.factories import make_player, make_round
from tests.glimpse.receiving import take
from tests.glimpse.secret_images import make_photo, make_secret, store_photo
from tests.glimpse.visitors import client_of

MACROBLOCK = 16  # WebP codes squares of this side, so light may spill this far


@pytest.fixture
def image(db: None) -> Image:
    return make_secret()


@pytest.mark.parametrize("level", range(len(REVEAL_SHARES)))
def test_a_glimpse_is_black_outside_and_carries_no_metadata(image: Image, level: int) -> None:
    data = _glimpse(image, level)
    assert data[8:16] == b"WEBPVP8 "  # the form of WebP that has no place for metadata
    with PIL.Image.open(BytesIO(data)) as picture:
        pixels = np.asarray(picture.convert("RGB")).max(axis=2)
    near = _near(_mask(image, level))
    assert pixels[near].max() > 150
    assert pixels[~near].max() <= 2
    assert (pixels > 60).mean() < 1.5 * REVEAL_SHARES[level]


@pytest.mark.parametrize("level", [0, 5])
def test_a_glimpse_is_the_same_bytes_whatever_the_rest_of_the_photo_is(image: Image, level: int) -> None:
    before = _glimpse(image, level)
    pixels = make_photo()
    pixels[_mask(image, level) == 0] = 0
    store_photo(image, pixels)
    assert _glimpse(image, level) == before
    pixels[_mask(image, level) == 1] = 0
    store_photo(image, pixels)
    assert _glimpse(image, level) != before


def test_photos_and_evidence_carry_no_metadata_either(image: Image) -> None:
    round_ = make_round(image.study, make_player(image.study))
    Round.objects.filter(pk=round_.pk).update(state="answered")
    for name, args in (("photo", [image.key]), ("evidence", [image.key, round_.region_id])):
        data = client_of(round_.player).get(reverse(f"play:{name}", args=args)).content
        assert data[8:16] == b"WEBPVP8 "


def _glimpse(image: Image, level: int) -> bytes:
    player = make_player(image.study)
    round_ = make_round(image.study, player)
    Round.objects.filter(pk=round_.pk).update(level=level)
    return take(client_of(player), reverse("play:glimpse", args=[round_.key, level])).body


def _mask(image: Image, level: int) -> NDArray[np.uint8]:
    """How visible each pixel is: 0 outside, 1 where anything shines through."""
    with image.maps.open("rb") as file:
        region_map = unpack_map(bytes(file.read()), "blocks.0", 0)
    return (np.rint(reveal_mask(region_map, level, STAGE_SIDE) * 255) > 0).astype(np.uint8)


def _near(mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The macroblocks that hold visible pixels, and their neighbours."""
    blocks = STAGE_SIDE // MACROBLOCK
    lit = mask.reshape(blocks, MACROBLOCK, blocks, MACROBLOCK).max(axis=(1, 3))
    padded = np.pad(lit, 1)
    spread = np.max([np.roll(padded, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)], axis=0)
    return np.asarray(np.kron(spread[1:-1, 1:-1], np.ones((MACROBLOCK, MACROBLOCK))) > 0)
