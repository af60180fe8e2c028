"""Photos to explain, and what it means that two explanations are the same."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from analysis.networks.photos import read_photo
from analysis.regions.results import ImageRegions, LayerRegions

DEMO = Path(__file__).parents[3] / "labeling" / "demo" / "photos"


def noise(seed: int) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def demo(name: str) -> Image.Image:
    return read_photo(DEMO / f"{name}.jpg").image


def assert_same(left: ImageRegions, right: ImageRegions, tolerance: float = 1e-5) -> None:
    """The same maps in the same regions; logits and effects, larger numbers, within ten times more."""
    assert left.class_index == right.class_index
    assert left.logit == pytest.approx(right.logit, abs=10 * tolerance)
    assert left.probability == pytest.approx(right.probability, abs=tolerance)
    for one, other in zip(left.layers, right.layers, strict=True):
        assert_same_layer(one, other, tolerance)


def assert_same_layer(left: LayerRegions, right: LayerRegions, tolerance: float = 1e-5) -> None:
    assert (left.name, left.channels, left.clusters) == (right.name, right.channels, right.clusters)
    assert left.silhouette == pytest.approx(right.silhouette, abs=tolerance)
    for share in ("kept", "dropped", "discarded", "opposing"):
        assert getattr(left, share) == pytest.approx(getattr(right, share), abs=tolerance)
    for a, b in zip(left.regions, right.regions, strict=True):
        assert (a.sign, a.map_indices) == (b.sign, b.map_indices)
        assert a.weight == pytest.approx(b.weight, abs=tolerance)
        assert a.effect == pytest.approx(b.effect, abs=10 * tolerance)
        assert a.stability == pytest.approx(b.stability, abs=10 * tolerance)
        assert a.mean_activation == pytest.approx(b.mean_activation, abs=tolerance)
        np.testing.assert_allclose(a.map, b.map, rtol=tolerance, atol=tolerance)
