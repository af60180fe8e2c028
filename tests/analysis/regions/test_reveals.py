"""What players see: exact, nested, and the same on every machine."""

import hashlib
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from analysis.regions.reveals import REVEAL_SHARES, render_reveal, reveal_mask, visibility
from analysis.regions.upsampling import upsample

Map = NDArray[np.float32]


def one_hot(cell: tuple[int, int]) -> Map:
    region_map = np.zeros((14, 14), dtype=np.float32)
    region_map[cell] = 1
    return region_map


MAPS = {
    "smooth": np.random.default_rng(0).random((7, 7)).astype(np.float32),
    "fine": np.random.default_rng(1).random((56, 56)).astype(np.float32),
    "finer than the picture": np.random.default_rng(2).random((112, 112)).astype(np.float32),
    "constant": np.full((7, 7), 3, dtype=np.float32),
    "a single cell": np.ones((1, 1), dtype=np.float32),
    "one cell": one_hot((9, 4)),
    "a corner": one_hot((13, 13)),
    "two heights": np.kron(np.eye(2), np.ones((3, 3))).astype(np.float32),
    "negative": -np.random.default_rng(3).random((5, 5)).astype(np.float32),
    "tiny": np.float32(1e-38) * np.random.default_rng(4).random((5, 5)).astype(np.float32),
    "wide": np.random.default_rng(5).random((4, 9)).astype(np.float32),
}


def levels(region_map: Map, size: int) -> list[NDArray[np.bool_]]:
    return [reveal_mask(region_map, level, size) >= 0.5 for level in range(len(REVEAL_SHARES))]


@pytest.mark.parametrize("kind", MAPS)
@pytest.mark.parametrize("size", [97, 224])
def test_a_level_is_exactly_its_share_of_the_greatest_values(kind: str, size: int) -> None:
    values = upsample(MAPS[kind], (size, size))
    for shown, share in zip(levels(MAPS[kind], size), REVEAL_SHARES, strict=True):
        assert np.count_nonzero(shown) == round(share * size**2)
        assert values[shown].min() >= values[~shown].max()


@pytest.mark.parametrize("kind", MAPS)
def test_each_level_holds_the_one_before(kind: str) -> None:
    for smaller, larger in pairwise(levels(MAPS[kind], 128)):
        assert not (smaller & ~larger).any()


@settings(max_examples=60)
@given(
    st.integers(0, 2**32 - 1), st.integers(1, 20), st.integers(1, 20), st.integers(2, 60), st.integers(1, 6)
)
def test_any_map_is_exact_and_nested(seed: int, rows: int, columns: int, size: int, heights: int) -> None:
    region_map = np.random.default_rng(seed).integers(0, heights, (rows, columns)).astype(np.float32)
    values, found = upsample(region_map, (size, size)), levels(region_map, size)
    for shown, share in zip(found, REVEAL_SHARES, strict=True):
        assert np.count_nonzero(shown) == max(1, round(share * size**2))
        assert values[shown].min() >= values[~shown].max()
    for smaller, larger in pairwise(found):
        assert not (smaller & ~larger).any()


def test_where_a_map_is_flat_a_level_grows_out_of_the_evidence() -> None:
    shown = np.argwhere(levels(one_hot((9, 4)), 140)[-1])
    away = np.abs(shown - [95, 45]).max(axis=1)
    assert away.max() < 0.45 * 140  # a compact patch, none of it at the picture's top
    assert shown[:, 0].min() > 30


def test_where_a_map_is_constant_a_level_is_the_first_pixels() -> None:
    shown = levels(MAPS["constant"], 100)[-1].ravel()
    assert shown[:3000].all()
    assert not shown[3000:].any()


@pytest.mark.parametrize("kind", ["smooth", "one cell", "two heights"])
def test_edges_are_soft_on_both_sides(kind: str) -> None:
    mask = reveal_mask(MAPS[kind], 4, 512)
    assert mask.dtype == np.float32
    assert mask.min() == 0
    assert mask.max() == 1
    assert ((mask > 0.05) & (mask < 0.45)).any()
    assert ((mask > 0.55) & (mask < 0.95)).any()


def test_a_mask_is_its_visibility_in_255ths() -> None:
    mask = reveal_mask(MAPS["fine"], 2, 96)
    np.testing.assert_array_equal(np.rint(mask * 255), visibility(MAPS["fine"], 2, 96))


@pytest.mark.parametrize("level", [-1, 6])
def test_there_are_six_levels(level: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 5"):
        reveal_mask(MAPS["smooth"], level, 64)


def test_a_reveal_is_the_photo_on_black() -> None:
    crop = Image.new("RGB", (64, 64), (200, 100, 50))
    pixels = np.asarray(render_reveal(crop, MAPS["one cell"], 5))
    mask = reveal_mask(MAPS["one cell"], 5, 64)
    assert (pixels[mask == 1] == (200, 100, 50)).all()
    assert not pixels[mask == 0].any()
    assert (mask == 1).any()
    assert (mask == 0).any()


def test_reveals_are_the_same_on_every_machine() -> None:
    """The pixels of all levels, of a crop and maps that are whole numbers by themselves."""
    row, column = np.mgrid[:512, :512]
    crop = np.stack([row * 3 + column, row + column * 5, row * column // 7], axis=2) % 256
    digest = hashlib.sha256()
    for rows, columns in ((7, 7), (14, 14), (28, 20), (55, 55)):
        cell = np.arange(rows * columns).reshape(rows, columns)
        region_map = ((cell * cell * 31 + cell * 17) % 1009 / 1024).astype(np.float32) / np.float32(3)
        for level in range(len(REVEAL_SHARES)):
            shown = render_reveal(Image.fromarray(crop.astype(np.uint8)), region_map, level)
            digest.update(shown.tobytes())
    assert digest.hexdigest() == "976e0e858c5cdcfee344eb98ce7ecc281e2ea520052cf04b9ede18ea83565f47"
