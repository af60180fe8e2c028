"""Labels of one meaning, from their vectors and words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.labels.dense_average import average_clusters, item_distances
from analysis.labels.items import items_of
from analysis.labels.settings import LabelSettings
from analysis.labels.silhouette import mean_silhouettes
from analysis.labels.similarity import label_distances
from analysis.labels.tree import Tree, build_tree

_TIE = 1e-9
"""Silhouettes and labels closer than this are equal; the fewer groups win."""


def group(
    vectors: NDArray[np.floating],
    settings: LabelSettings,
    keys: Sequence[frozenset[str]] | None = None,
) -> NDArray[np.int64]:
    """Group distinct labels by one tree over their distances.

    Without `settings.silhouette` the tree is cut at `settings.max_distance`, and labels of one lemma key
    always share a group. With it, as in the preset `paper`, the cut with the best mean silhouette over
    k = 2..n-1 is taken, the fewest groups where several are best; labels that are all equal are one group,
    and two that differ are two.

    Args:
        vectors: (n, d) float, one row a distinct label, any length; a row of zeros is 1 away from all others.
            Equal distances are joined in the order of the keys, or with a silhouette or complete linkage in
            row order: sort the labels by text, and no order of input matters.
        settings: see `LabelSettings`.
        keys: (n,) see `lemma_key`; None, or a lemma_weight of 0, for distances by meaning alone.

    Returns:
        (n,) int64, the group 0..k-1 of every row, numbered by first row. Memory O(n^2).

    Raises:
        ValueError: on shapes that do not fit, or vectors that are not finite.

    Source: the silhouette's cut is that of arXiv 2405.03301 and its notebooks; the rest is ours.
    """
    if vectors.ndim != 2:
        raise ValueError(f"need (n, d) vectors, got {vectors.shape}")
    if not np.isfinite(vectors).all():
        raise ValueError("vectors must be finite")
    if keys is not None and len(keys) != len(vectors):
        raise ValueError(f"need a key for each label, got {len(keys)} for {len(vectors)}")
    if len(vectors) < 2:
        return np.zeros(len(vectors), dtype=np.int64)
    if settings.linkage == "average" and not settings.silhouette:
        return _numbered(_by_average(vectors, settings, keys))
    return _by_tree(vectors, settings, keys)


def _by_average(
    vectors: NDArray[np.floating], settings: LabelSettings, keys: Sequence[frozenset[str]] | None
) -> NDArray[np.int64]:
    items = items_of(vectors, keys if settings.lemma_weight else None)
    distances = item_distances(items, settings.lemma_weight)
    return average_clusters(distances, items.sizes, settings.max_distance)[items.item]


def _by_tree(
    vectors: NDArray[np.floating], settings: LabelSettings, keys: Sequence[frozenset[str]] | None
) -> NDArray[np.int64]:
    distances = label_distances(vectors, keys, settings.lemma_weight)
    tree = build_tree(distances, settings.linkage)
    if not settings.silhouette:
        return tree.cut(tree.clusters_within(settings.max_distance))
    return tree.cut(_best_cut(distances, tree))


def _best_cut(distances: NDArray[np.float64], tree: Tree) -> int:
    last = min(tree.clusters_within(_TIE), len(distances) - 1)
    if last < 2:
        return tree.clusters_within(_TIE)
    scores = mean_silhouettes(distances, tree)[: last - 1]
    return 2 + int(np.flatnonzero(scores >= scores.max() - _TIE)[0])


def _numbered(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Groups 0..k-1 by first row."""
    _, first, place = np.unique(groups, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[place].astype(np.int64)
