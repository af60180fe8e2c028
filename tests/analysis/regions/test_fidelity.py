"""Spearman by hand and against SciPy."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from analysis.regions.fidelity import fidelity, spearman
from analysis.regions.results import LayerRegions, Region, Sign


def layer(*regions: tuple[Sign, float, float | None]) -> LayerRegions:
    found = tuple(
        Region(index, weight, sign, effect, None, (index,), np.zeros((2, 2), np.float32), 0.0, 0.0)
        for index, (sign, weight, effect) in enumerate(regions)
    )
    return LayerRegions("x", 9, 1.0, 0.0, 0.0, 0.0, len(found), None, found)


@pytest.mark.parametrize("seed", range(4))
def test_it_equals_scipys_with_ties(seed: int) -> None:
    left, right = np.random.default_rng(seed).integers(0, 4, (2, 12)).astype(np.float64)
    assert spearman(left, right) == pytest.approx(spearmanr(left, right).statistic)


def test_only_supporting_regions_count() -> None:
    regions = (("supports", 0.5, 3.0), ("supports", 0.3, 2.0), ("supports", 0.1, 1.0), ("opposes", 0.1, 9.0))
    assert fidelity(layer(*regions)) == pytest.approx(1)  # type: ignore[arg-type]


def test_by_hand() -> None:
    found = layer(("supports", 0.5, 1.0), ("supports", 0.3, 3.0), ("supports", 0.1, 2.0))
    assert fidelity(found) == pytest.approx(1 - 6 * (4 + 1 + 1) / (3 * 8))


@pytest.mark.parametrize(
    "regions",
    [
        [("supports", 0.5, 1.0), ("supports", 0.3, 3.0)],
        [("supports", 0.5, 1.0), ("supports", 0.3, 1.0), ("supports", 0.2, 1.0)],
        [("supports", 0.3, 1.0), ("supports", 0.3, 2.0), ("supports", 0.3, 3.0)],
        [("supports", 0.5, None), ("supports", 0.3, None), ("supports", 0.2, None)],
        [],
    ],
)
def test_it_is_undefined(regions: list[tuple[Sign, float, float | None]]) -> None:
    assert fidelity(layer(*regions)) is None
