"""Maps at the size of the crop, and how they lie on a photo."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from analysis.regions.overlays import render_overlay
from analysis.regions.upsampling import FINEST, LARGEST_SIDE, covered_share, min_max, upsample


def test_upsampling_puts_centres_on_centres() -> None:
    scaled = upsample(np.array([[0, 1]], dtype=np.float32), (4, 2))
    np.testing.assert_array_equal(scaled / scaled.max(), [[0, 0.25, 0.75, 1]] * 2)


@given(
    st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 60), st.integers(1, 90), st.integers(1, 90)
)
def test_upsampling_is_bilinear_and_whole(
    seed: int, rows: int, columns: int, width: int, height: int
) -> None:
    region_map = np.random.default_rng(seed).standard_normal((rows, columns)).astype(np.float32)
    scaled = upsample(region_map, (width, height))
    assert scaled.shape == (height, width)
    np.testing.assert_array_equal(scaled, np.rint(scaled))
    down = np.clip((np.arange(height) + 0.5) * rows / height - 0.5, 0, rows - 1)
    across = np.clip((np.arange(width) + 0.5) * columns / width - 0.5, 0, columns - 1)
    between = np.stack([np.interp(across, np.arange(columns), row) for row in region_map.astype(float)])
    expected = np.stack([np.interp(down, np.arange(rows), column) for column in between.T], axis=1)
    unit = np.ptp(region_map.astype(float)) / FINEST / (4 * width * height)
    np.testing.assert_allclose(scaled * unit + (region_map.min() if unit else expected), expected, atol=1e-6)


def test_the_largest_side_is_still_exact() -> None:
    scaled = upsample(np.array([[0, 1]], dtype=np.float32), (LARGEST_SIDE, 1))
    steps = np.diff(scaled[0, LARGEST_SIDE // 4 : -LARGEST_SIDE // 4])
    assert scaled.max() < 2**53
    assert (steps == 4 * 2 * FINEST).all()
    with pytest.raises(ValueError, match="8192 pixels a side at most"):
        upsample(np.zeros((2, 2), dtype=np.float32), (LARGEST_SIDE + 1, 1))


def test_tiny_and_huge_values_scale_alike() -> None:
    plain = np.random.default_rng(0).random((7, 7)).astype(np.float32)
    for factor in (2.0**-120, 2.0**100):
        scaled = plain * np.float32(factor)
        np.testing.assert_array_equal(upsample(scaled, (50, 50)), upsample(plain, (50, 50)))


def test_min_max_and_area() -> None:
    assert min_max(np.array([2.0, 4.0, 3.0])).tolist() == [0, 1, 0.5]
    assert min_max(np.full(3, 7.0)).tolist() == [1, 1, 1]
    assert covered_share(np.array([[0, 1]], dtype=np.float32), 4) == 0.5
    assert covered_share(np.full((3, 3), 5, dtype=np.float32), 10) == 1


def test_an_overlay_keeps_size_and_lights_only_the_region() -> None:
    crop = Image.new("RGB", (60, 60), (90, 120, 90))
    pixels = np.asarray(render_overlay(crop, np.array([[0, 0, 0, 0, 1]], dtype=np.float32))).astype(int)
    assert pixels.shape == (60, 60, 3)
    assert pixels[30, 2].sum() < 300 < pixels[30, 58].sum()
    assert pixels[30, 58, 0] > pixels[30, 58, 2]  # warm


def test_what_opposes_lies_under_cold_light() -> None:
    crop = Image.new("RGB", (60, 60), (120, 120, 120))
    pixels = np.asarray(render_overlay(crop, np.array([[0, 1]], dtype=np.float32), "opposes")).astype(int)
    assert pixels[30, 58, 2] > pixels[30, 58, 0] + 30  # cold
    assert pixels[30, 2].sum() < 360
