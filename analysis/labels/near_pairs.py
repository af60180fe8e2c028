"""Pairs of near points among many, without looking at all pairs."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.labels.cells import Index, Points, Vectors, cells_of, directions

_WHOLE = 2_048
"""So many points are compared all with all."""
_PROBES = 8
"""Cells that a cell is compared with, itself among them."""
_ENTRIES = 4_000_000  # products held at a time
_UNSEEN = 1e-6  # difference of products that decides nothing


def near_pairs(points: Points, rows: Index, least: float, most: int) -> Iterator[tuple[Index, Index]]:
    """Find pairs of rows whose points have a large inner product.

    Up to 2,048 rows all pairs are looked at. More are first sorted into about sqrt(m) cells, and those of a
    cell compared with those of the eight cells nearest to it: m^1.5 products.

    Args:
        points: see `Points`; of any length, mostly at most 1.
        rows: (m,) int64, distinct.
        least: smallest inner product.
        most: so many nearest of each row at most, itself among them.

    Yields:
        a, b: (k,) int64, pairs in both or one order, rows with themselves included.
    """
    if len(rows) <= _WHOLE:
        yield from _compared(points, rows, rows, least, most)
        return
    cells = cells_of(points, rows, int(np.sqrt(len(rows))))
    means = directions(np.stack([points(cell).sum(axis=0) for cell in cells]))
    likeness = means @ means.T
    np.fill_diagonal(likeness, np.inf)
    nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :_PROBES]
    for own, others in zip(cells, nearest, strict=True):
        yield from _compared(points, own, np.concatenate([cells[other] for other in others]), least, most)


def _compared(
    points: Points, rows: Index, others: Index, least: float, most: int
) -> Iterator[tuple[Index, Index]]:
    targets = points(others)
    step = max(1, _ENTRIES // len(others))
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        products = points(some) @ targets.T
        near = products >= least
        many = np.flatnonzero(np.count_nonzero(near, axis=1) > most)
        if len(many):
            chosen = products[many] + _scatter(some[many], others)
            near[many] = False
            near[many[:, None], np.argpartition(chosen, -most, axis=1)[:, -most:]] = True
        a, b = np.nonzero(near)
        yield some[a], others[b]


def _scatter(rows: Index, others: Index) -> Vectors:
    """Tiny numbers that differ from row to row, so that of equal points not all choose the same few."""
    mixed = rows.astype(np.uint32)[:, None] * np.uint32(2_654_435_761) ^ others.astype(np.uint32)
    mixed *= np.uint32(2_246_822_519)
    scattered: NDArray[np.float32] = (mixed >> np.uint32(16)) * np.float32(_UNSEEN / 2**16)
    return scattered
