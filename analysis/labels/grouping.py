"""Labels of one meaning, from their vectors and words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.labels.candidates import likely_pairs
from analysis.labels.cells import cells_of, directions
from analysis.labels.dense_average import average_clusters, item_distances
from analysis.labels.items import digests_of, items_of
from analysis.labels.settings import LabelSettings
from analysis.labels.silhouette import mean_silhouettes
from analysis.labels.similarity import label_distances
from analysis.labels.sparse_average import SparseAverage
from analysis.labels.tree import Tree, build_tree

EXACT_LIMIT = 4_000
"""Up to so many distinct keys (with a silhouette or complete linkage: labels) all pairs are looked at."""

_CHUNK = 10_000  # rows looked at at a time
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

    Up to `EXACT_LIMIT` distinct keys that is exact. Above, average linkage with a fixed cut, the default,
    joins along likely near pairs (see `SparseAverage`), in near-linear time; other settings are applied to
    cells of like vectors, so that no group reaches beyond its cell.

    Args:
        vectors: (n, d) float, one row a distinct label, any length; a row of zeros is 1 away from all others.
            Equal distances are joined in the order of the keys, or with a silhouette or complete linkage in
            row order: sort the labels by text, and no order of input matters.
        settings: see `LabelSettings`.
        keys: (n,) see `lemma_key`; None, or a lemma_weight of 0, for distances by meaning alone.

    Returns:
        (n,) int64, the group 0..k-1 of every row, numbered by first row.

    Raises:
        ValueError: on shapes that do not fit, or vectors that are not finite.

    Source: the silhouette's cut is that of arXiv 2405.03301 and its notebooks; the rest is ours.
    """
    if vectors.ndim != 2:
        raise ValueError(f"need (n, d) vectors, got {vectors.shape}")
    if not all(
        np.isfinite(vectors[start : start + _CHUNK]).all() for start in range(0, len(vectors), _CHUNK)
    ):
        raise ValueError("vectors must be finite")
    if keys is not None and len(keys) != len(vectors):
        raise ValueError(f"need a key for each label, got {len(keys)} for {len(vectors)}")
    if len(vectors) < 2:
        return np.zeros(len(vectors), dtype=np.int64)
    if settings.linkage == "average" and not settings.silhouette:
        return _numbered(_by_average(vectors, settings, keys))
    if len(vectors) <= EXACT_LIMIT:
        return _by_tree(vectors, settings, keys)
    return _numbered(_by_cells(vectors, settings, keys))


def _by_average(
    vectors: NDArray[np.floating], settings: LabelSettings, keys: Sequence[frozenset[str]] | None
) -> NDArray[np.int64]:
    items = items_of(vectors, keys if settings.lemma_weight else None)
    cut, lemma_weight = settings.max_distance, settings.lemma_weight
    if len(items.sizes) <= EXACT_LIMIT:
        return average_clusters(item_distances(items, lemma_weight), items.sizes, cut)[items.item]
    pairs = likely_pairs(items, cut, lemma_weight)
    return SparseAverage(items, cut, lemma_weight).join_all(*pairs)[items.item]


def _by_cells(
    vectors: NDArray[np.floating], settings: LabelSettings, keys: Sequence[frozenset[str]] | None
) -> NDArray[np.int64]:
    groups = np.empty(len(vectors), dtype=np.int64)
    known = 0
    order = np.argsort(digests_of(vectors), kind="stable")
    cells = 4 * -(-len(vectors) // EXACT_LIMIT)
    for cell in cells_of(lambda rows: directions(vectors[rows].astype(np.float32)), order, cells):
        cell.sort()
        own = [keys[row] for row in cell.tolist()] if keys is not None else None
        groups[cell] = _by_tree(vectors[cell], settings, own) + known
        known = int(groups[cell].max()) + 1
    return groups


def _by_tree(
    vectors: NDArray[np.floating], settings: LabelSettings, keys: Sequence[frozenset[str]] | None
) -> NDArray[np.int64]:
    if len(vectors) < 2:
        return np.zeros(len(vectors), dtype=np.int64)
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
