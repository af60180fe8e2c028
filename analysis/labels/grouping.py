"""Labels of one meaning, from their vectors and words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.labels.settings import LabelSettings
from analysis.labels.silhouette import mean_silhouettes
from analysis.labels.similarity import label_distances
from analysis.labels.tree import Tree, build_tree

_TIE = 1e-9
"""Silhouettes closer than this are equal; the fewer groups win."""


def group(
    vectors: NDArray[np.floating],
    counts: NDArray[np.integer],
    settings: LabelSettings,
    keys: Sequence[frozenset[str]] | None = None,
) -> NDArray[np.int64]:
    """Group distinct labels by one tree over their distances.

    Without `settings.silhouette` the tree is cut at `settings.max_distance`, and labels of one lemma key
    always share a group. With it the cut with the best mean silhouette is taken: k runs over 2..n-1, inside
    the bounds that max_distance (no wider group) and same_distance (no narrower groups apart) set; where no k
    is left, same_distance alone decides. The silhouette is averaged over labels as often as they were given,
    or once each. The preset `paper` has no bounds and no weights.

    Args:
        vectors: (n, d) float, one row a distinct label, any length; a row of zeros is 1 away from all others.
            Equal distances are joined in row order: sort the labels by text, and no order of input matters.
        counts: (n,) int, how often each label was given, at least 1.
        settings: see `LabelSettings`.
        keys: (n,) see `lemma_key`; None, or a lemma_weight of 0, for distances by meaning alone.

    Returns:
        (n,) int64, the group 0..k-1 of every row, numbered by first row. Memory O(n^2), a few times 8 MB
        for 1,000 labels.

    Raises:
        ValueError: on shapes that do not fit, vectors that are not finite, or counts below 1.

    Source: the silhouette's cut is that of arXiv 2405.03301 and its notebooks; the rest is ours.
    """
    if vectors.ndim != 2 or counts.shape != vectors.shape[:1]:
        raise ValueError(f"need (n, d) vectors and (n,) counts, got {vectors.shape} and {counts.shape}")
    if not np.isfinite(vectors).all() or (counts < 1).any():
        raise ValueError("vectors must be finite, and counts at least 1")
    if keys is not None and len(keys) != len(vectors):
        raise ValueError(f"need a key for each label, got {len(keys)} for {len(vectors)}")
    if len(vectors) < 2:
        return np.zeros(len(vectors), dtype=np.int64)
    distances = label_distances(vectors, keys, settings.lemma_weight)
    tree = build_tree(distances, settings.linkage)
    if not settings.silhouette:
        return tree.cut(tree.clusters_within(settings.max_distance))
    return tree.cut(_best_cut(distances, tree, counts, settings))


def _best_cut(
    distances: NDArray[np.float64], tree: Tree, counts: NDArray[np.integer], settings: LabelSettings
) -> int:
    n = len(distances)
    most = tree.clusters_within(settings.same_distance)
    fewest = max(2, tree.clusters_within(settings.max_distance))
    last = min(most, n - 1)
    if most == 1 or fewest > last:
        return most
    weights = counts.astype(np.float64) if settings.weighted else np.ones(n)
    scores = mean_silhouettes(distances, tree, weights, fewest)[: last - fewest + 1]
    return fewest + int(np.flatnonzero(scores >= scores.max() - _TIE)[0])
