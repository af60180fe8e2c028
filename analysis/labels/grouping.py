"""Labels of one meaning, from their vectors."""

import numpy as np
from numpy.typing import NDArray

from analysis.labels.settings import WIDEST_DISTANCE, LabelSettings
from analysis.labels.silhouette import mean_silhouettes
from analysis.labels.tree import complete_linkage

_TIE = 1e-9
"""Silhouettes closer than this are equal; the fewer groups win."""


def group(
    vectors: NDArray[np.floating], counts: NDArray[np.integer], settings: LabelSettings
) -> NDArray[np.int64]:
    """Group distinct labels: cosine distance, complete linkage, the cut with the best silhouette.

    k runs over 2..n-1, inside the bounds that `settings.max_distance` (no wider group) and
    `settings.same_distance` (no narrower groups apart) set; where no k is left, `same_distance` alone
    decides. The silhouette is averaged over labels as often as they were given, or once each. With
    max_distance = 2, same_distance = 0 and without weights this is the paper's choice.

    Args:
        vectors: (n, d) float, one row a distinct label, any length; a row of zeros is 1 away from all others.
            Equal distances are joined in row order: sort the labels by text, and no order of input matters.
        counts: (n,) int, how often each label was given, at least 1.
        settings: the two distances.

    Returns:
        (n,) int64, the group 0..k-1 of every row, numbered by first row. Memory O(n^2), a few times 8 MB
        for 1,000 labels.

    Raises:
        ValueError: on shapes that do not fit, vectors that are not finite, or counts below 1.

    Source: arXiv 2405.03301 and its notebooks; the two bounds and the counts are ours, see `LabelSettings`.
    """
    if vectors.ndim != 2 or counts.shape != vectors.shape[:1]:
        raise ValueError(f"need (n, d) vectors and (n,) counts, got {vectors.shape} and {counts.shape}")
    if not np.isfinite(vectors).all() or (counts < 1).any():
        raise ValueError("vectors must be finite, and counts at least 1")
    n = len(vectors)
    if n < 2:
        return np.zeros(n, dtype=np.int64)
    distances = cosine_distances(vectors)
    tree = complete_linkage(distances)
    most = tree.clusters_within(settings.same_distance)
    fewest = max(2, tree.clusters_within(settings.max_distance))
    last = min(most, n - 1)
    if most == 1 or fewest > last:
        return tree.cut(most)
    weights = counts.astype(np.float64) if settings.weighted else np.ones(n)
    scores = mean_silhouettes(distances, tree, weights, fewest)[: last - fewest + 1]
    return tree.cut(fewest + int(np.flatnonzero(scores >= scores.max() - _TIE)[0]))


def cosine_distances(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    """One minus the cosine of each pair of rows: (n, d) to (n, n) float64, 0..2, symmetric, zero diagonal."""
    rows = vectors.astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    distances: NDArray[np.float64] = np.clip(1 - rows @ rows.T, 0, WIDEST_DISTANCE)
    distances = (distances + distances.T) / 2
    np.fill_diagonal(distances, 0)
    return distances
