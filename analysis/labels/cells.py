"""Many points, sorted into cells of like direction."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Index = NDArray[np.int64]
Vectors = NDArray[np.float32]
Points = Callable[[Index], Vectors]
"""Rows (m,) -> their points (m, d) float32; a function, so that a million need not be copied."""

_ROUNDS, _SAMPLE = 3, 32  # of k-means, and points a cell that it looks at
_WIDEST = 4  # times the mean: larger cells are divided
_ENTRIES = 4_000_000  # products held at a time


def cells_of(points: Points, rows: Index, cells: int) -> list[Index]:
    """Sort rows into about so many cells by k-means over directions, from a fixed start.

    Args:
        points: see `Points`; of any length.
        rows: (m,) int64, distinct, m >= 1. Their order settles equal cases; there is no other chance.
        cells: at least 1.

    Returns:
        Cells of at most 4 m / cells rows (rounded up), none of them empty, every row in one.
    """
    own = _nearest(points, rows, _centres(points, rows, cells))
    order = np.argsort(own, kind="stable")
    widest = -(-_WIDEST * len(rows) // cells)
    return [
        cell[start : start + widest]
        for cell in np.split(rows[order], np.flatnonzero(np.diff(own[order])) + 1)
        for start in range(0, len(cell), widest)
    ]


def directions(vectors: Vectors) -> Vectors:
    """Vectors (m, d) at length 1, those of zeros as they are."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    found: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return found


def _centres(points: Points, rows: Index, cells: int) -> Vectors:
    sample = points(rows[:: max(1, len(rows) // (cells * _SAMPLE))])
    centres = directions(sample[:: max(1, len(sample) // cells)][:cells])
    every = np.arange(len(sample))
    for _ in range(_ROUNDS):
        own = _nearest(sample.__getitem__, every, centres)
        held = csr_array((np.ones(len(own), np.float32), (own, every)), shape=(len(centres), len(own)))
        sums = directions(held @ sample)
        centres = np.where(sums.any(axis=1, keepdims=True), sums, centres)
    return centres


def _nearest(points: Points, rows: Index, centres: Vectors) -> Index:
    step = max(1, _ENTRIES // len(centres))
    parts = [rows[start : start + step] for start in range(0, len(rows), step)]
    return np.concatenate([(points(part) @ centres.T).argmax(axis=1) for part in parts])
