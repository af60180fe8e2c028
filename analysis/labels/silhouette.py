"""Silhouettes of all cuts of a tree, without starting over for each."""

import numpy as np
from numpy.typing import NDArray

from analysis.labels.tree import Tree


def mean_silhouettes(distances: NDArray[np.float64], tree: Tree) -> NDArray[np.float64]:
    r"""Mean silhouette of every cut of a tree into k = 2..n-1 clusters.

    .. math:: s_i = (b_i - a_i) / \max(a_i, b_i), \quad S_k = \frac{1}{n} \sum_i s_i

    with a_i the mean distance to the rest of row i's cluster and b_i the smallest mean distance to another
    cluster; s_i = 0 in a cluster of one, or where both are 0. One join changes one column of the matrix of
    mean distances, and the silhouettes only of the rows that were joined or whose nearest cluster was: the
    mean over a union is never below the smaller of the two means.

    Args:
        distances: (n, n) float64, symmetric, zero diagonal, not negative.
        tree: over the same n rows.

    Returns:
        (n - 2,) float64 in -1..1, for k = 2, 3, ..., n - 1. Memory O(n^2); time O(n)
        a join, plus O(n) for each row whose nearest cluster was joined.

    Source: Rousseeuw 1987, doi 10.1016/0377-0427(87)90125-7.
    """
    n = len(distances)
    own, size = np.arange(n), np.ones(n)
    sums, means = distances.copy(), distances.copy()  # [cluster, row] and [row, cluster]
    np.fill_diagonal(means, np.inf)
    nearest = means.argmin(axis=1)
    inside, outside, each = np.zeros(n), means.min(axis=1), np.zeros(n)
    silhouettes = np.zeros(n - 2)
    for k, (kept, absorbed) in zip(range(n - 1, 1, -1), tree.joins.tolist(), strict=False):
        own[own == absorbed] = kept
        members = np.flatnonzero(own == kept)
        size[kept] += size[absorbed]
        sums[kept] += sums[absorbed]
        means[:, kept] = sums[kept] / size[kept]
        means[:, absorbed] = means[members, kept] = np.inf
        inside[members] = sums[kept, members] / (size[kept] - 1)
        stale = np.flatnonzero((nearest == kept) | (nearest == absorbed))
        nearest[stale] = means[stale].argmin(axis=1)
        outside[stale] = means[stale, nearest[stale]]
        changed = np.concatenate([members, stale])
        each[changed] = _silhouette(inside[changed], outside[changed], size[own[changed]])
        silhouettes[k - 2] = each.mean()
    return silhouettes


def _silhouette(
    inside: NDArray[np.float64], outside: NDArray[np.float64], size: NDArray[np.float64]
) -> NDArray[np.float64]:
    larger = np.maximum(inside, outside)
    judged = (size > 1) & (larger > 0)
    return np.divide(outside - inside, larger, out=np.zeros_like(larger), where=judged)
