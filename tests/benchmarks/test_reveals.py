"""Milliseconds to draw a glimpse as players see it."""

import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.networks.photos import read_photo
from analysis.regions.reveals import REVEAL_SHARES, render_reveal
from tests.benchmarks.networks import PHOTOS, REPEATS
from tests.benchmarks.tables import Cell, publish

SIDE = 512


def region_maps() -> dict[str, NDArray[np.float32]]:
    """A deep layer's map, a shallow layer's, and the worst case: one that is flat nearly everywhere."""
    dice = np.random.default_rng(0)
    flat = np.zeros((112, 112), dtype=np.float32)
    flat[50:60, 30:40] = 1
    return {
        "14 x 14": dice.random((14, 14), dtype=np.float32),
        "55 x 55": dice.random((55, 55), dtype=np.float32),
        "112 x 112, flat": flat,
    }


@pytest.mark.benchmark_table
def test_milliseconds_a_reveal() -> None:
    crop = read_photo(Path(PHOTOS) / "panda.jpg").image.resize((SIDE, SIDE))
    rows: list[dict[str, Cell]] = []
    for name, region_map in region_maps().items():
        for level, share in enumerate(REVEAL_SHARES):
            best = float("inf")
            for _ in range(5 * REPEATS):
                began = time.perf_counter()
                render_reveal(crop, region_map, level)
                best = min(best, time.perf_counter() - began)
            rows.append({"map": name, "level": level, "share": share, "ms": 1000 * best})
    publish("reveals", rows, f"{SIDE} x {SIDE} pixels, mask included, encoding not; the fastest of several.")
