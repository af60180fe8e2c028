"""What players see, the archive it comes from, and overlays."""

from io import BytesIO
from itertools import pairwise
from time import sleep

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from analysis.regions.archive import ArchiveError, pack_maps, unpack_map
from analysis.regions.overlays import render_overlay
from analysis.regions.results import ImageRegions, LayerRegions, Region, Seconds
from analysis.regions.reveals import REVEAL_SHARES, render_reveal, reveal_mask
from analysis.regions.upsampling import covered_share, min_max, upsample

MAPS = {
    "smooth": np.random.default_rng(0).random((7, 7)).astype(np.float32),
    "fine": np.random.default_rng(1).random((56, 56)).astype(np.float32),
    "constant": np.full((7, 7), 3, dtype=np.float32),
    "one pixel": np.eye(14, dtype=np.float32) * np.eye(1, 14, dtype=np.float32),
    "wide": np.random.default_rng(2).random((4, 9)).astype(np.float32),
}


def image(*layers: tuple[str, int]) -> ImageRegions:
    generator = np.random.default_rng(0)
    found = []
    for name, count in layers:
        regions = tuple(
            Region(index, 0.1, "supports", None, (index,), generator.random((3, 4)).astype(np.float32), 0.5)
            for index in range(count)
        )
        found.append(LayerRegions(name, 8, 1.0, 0.0, 0.0, 0.0, None, regions))
    return ImageRegions(0, "ant", 0.5, 1.0, tuple(found), Seconds(0.0, 0.0, 0.0))


def top_by_rank(values: NDArray[np.float32], share: float) -> NDArray[np.bool_]:
    order = np.argsort(-values.ravel(), kind="stable")
    shown = np.zeros(values.size, dtype=bool)
    shown[order[: round(share * values.size)]] = True
    return shown.reshape(values.shape)


@pytest.mark.parametrize("kind", MAPS)
@pytest.mark.parametrize("level", range(6))
@pytest.mark.parametrize("size", [100, 224])
def test_a_mask_is_exactly_the_top_share_softened(kind: str, level: int, size: int) -> None:
    mask = reveal_mask(MAPS[kind], level, size)
    expected = top_by_rank(upsample(MAPS[kind], (size, size)), REVEAL_SHARES[level])
    assert mask.dtype == np.float32
    assert mask.shape == (size, size)
    assert 0 <= mask.min() <= mask.max() <= 1
    np.testing.assert_array_equal(mask >= 0.5, expected)
    assert ((mask > 0.01) & (mask < 0.99)).any()


@pytest.mark.parametrize("kind", MAPS)
def test_each_level_holds_the_one_before(kind: str) -> None:
    masks = [reveal_mask(MAPS[kind], level, 128) >= 0.5 for level in range(6)]
    for smaller, larger in pairwise(masks):
        assert not (smaller & ~larger).any()


@pytest.mark.parametrize("level", [-1, 6])
def test_there_are_six_levels(level: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 5"):
        reveal_mask(MAPS["smooth"], level, 64)


def test_a_reveal_is_the_photo_on_black() -> None:
    crop = Image.new("RGB", (64, 64), (200, 100, 50))
    pixels = np.asarray(render_reveal(crop, MAPS["one pixel"], 5))
    mask = reveal_mask(MAPS["one pixel"], 5, 64)
    assert (pixels[mask == 1] == (200, 100, 50)).all()
    assert not pixels[mask == 0].any()
    assert (mask == 1).any()
    assert (mask == 0).any()


def test_upsampling_puts_centres_on_centres() -> None:
    scaled = upsample(np.array([[0, 1]], dtype=np.float32), (4, 2))
    np.testing.assert_allclose(scaled, [[0, 0.25, 0.75, 1]] * 2, atol=1e-6)


def test_min_max_and_area() -> None:
    assert min_max(np.array([2, 4, 3], dtype=np.float32)).tolist() == [0, 1, 0.5]
    assert min_max(np.full(3, 7, dtype=np.float32)).tolist() == [1, 1, 1]
    assert covered_share(np.array([[0, 1]], dtype=np.float32), 4) == 0.5


def test_an_overlay_keeps_size_and_lights_only_the_region() -> None:
    crop = Image.new("RGB", (60, 60), (90, 120, 90))
    pixels = np.asarray(render_overlay(crop, np.array([[0, 0, 0, 0, 1]], dtype=np.float32))).astype(int)
    assert pixels.shape == (60, 60, 3)
    assert pixels[30, 2].sum() < 300 < pixels[30, 58].sum()
    assert pixels[30, 58, 0] > pixels[30, 58, 2]  # warm


def test_an_archive_gives_back_every_map() -> None:
    packed = pack_maps(image(("relu#1", 3), ("none", 0), ("_blocks.7", 1)))
    for name, count in (("relu#1", 3), ("_blocks.7", 1)):
        layer = next(
            one for one in image(("relu#1", 3), ("none", 0), ("_blocks.7", 1)).layers if one.name == name
        )
        for index in range(count):
            found = unpack_map(packed, name, index)
            assert found.dtype == np.float32
            np.testing.assert_array_equal(found, layer.regions[index].map)
            np.testing.assert_array_equal(unpack_map(BytesIO(packed), name, index), found)


def test_an_archive_is_the_same_bytes_at_any_time() -> None:
    first = pack_maps(image(("a", 2)))
    sleep(2.1)  # the zip format's clock ticks every two seconds
    assert pack_maps(image(("a", 2))) == first


@pytest.mark.parametrize(("layer", "index"), [("b", 0), ("a", 2), ("a", -1)])
def test_what_an_archive_does_not_hold(layer: str, index: int) -> None:
    with pytest.raises(ArchiveError, match="holds"):
        unpack_map(pack_maps(image(("a", 2))), layer, index)


@pytest.mark.parametrize("content", [b"", b"garbage", pack_maps(image(("a", 2)))[:-30], b"\x80\x04N."])
def test_a_broken_archive(content: bytes) -> None:
    with pytest.raises(ArchiveError, match="broken"):
        unpack_map(content, "a", 0)
