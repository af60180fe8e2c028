"""Average linkage with a fixed cut, from the matrix of all distances."""

import numpy as np
from numpy.typing import NDArray

from analysis.labels.items import Items

Index = NDArray[np.int64]
Matrix = NDArray[np.float32]


def item_distances(items: Items, lemma_weight: float) -> Matrix:
    r"""Mean distances between the labels of any two items.

    .. math:: D_{ij} = 1 - (1 - m) \, \bar v_i \cdot \bar v_j - m J_{ij}

    with the mean unit vectors of both, see `Items`, and J of `LemmaSets`; m = 0 where keys do not matter.

    Returns:
        (n, n) float32, up to rounding 0..2, symmetric; the diagonal means nothing.
    """
    means = items.means(np.arange(len(items.sizes)))
    distances: Matrix = means @ means.T
    distances *= lemma_weight - 1 if items.lemmas else -1
    distances += 1
    if items.lemmas:
        a, b, overlap = items.lemmas.overlaps()
        shared = (lemma_weight * overlap).astype(np.float32)
        distances[a, b] -= shared
        distances[b, a] -= shared
    return distances


def average_clusters(distances: Matrix, sizes: Index, cut: float) -> Index:
    """The clusters that average linkage leaves when joins beyond a distance are not made.

    A chain of nearest neighbours ends in two clusters that are each other's nearest. They are joined, or
    stay alone where they are farther apart than the cut: no later join brings anything nearer.

    Args:
        distances: (n, n) float32, symmetric; changed in place.
        sizes: (n,) int64, the labels of each item, which a mean counts.
        cut: largest mean distance of clusters that are joined.

    Returns:
        (n,) int64, of each item the first item of its cluster. Equal distances are joined in item order.
        Time O(n^2).

    Source: Murtagh 1983, doi 10.1093/comjnl/26.4.354.
    """
    np.fill_diagonal(distances, np.inf)
    cluster = np.arange(len(sizes))
    near = np.flatnonzero(distances.min(axis=1, initial=np.inf) <= cut)
    cluster[near] = near[_chained(distances[np.ix_(near, near)], sizes[near].astype(np.float32), cut)]
    return cluster


def _chained(distances: Matrix, sizes: NDArray[np.float32], cut: float) -> Index:
    cluster = np.arange(len(sizes))
    for start in range(len(sizes)):
        chain = [start] if cluster[start] == start else []
        while chain:
            tip = chain[-1]
            nearest = int(distances[tip].argmin())
            if not distances[tip, nearest] <= cut:
                break
            before = chain[-2] if len(chain) > 1 else tip
            if distances[tip, before] > distances[tip, nearest]:
                chain.append(nearest)
                continue
            del chain[-2:]
            kept, absorbed = min(tip, before), max(tip, before)
            _join(distances, sizes, kept, absorbed)
            cluster[cluster == absorbed] = kept
            if not chain:
                chain = [kept]
    return cluster


def _join(distances: Matrix, sizes: NDArray[np.float32], kept: int, absorbed: int) -> None:
    weights = sizes[[kept, absorbed]] / (sizes[kept] + sizes[absorbed])
    joined = weights[0] * distances[kept] + weights[1] * distances[absorbed]
    joined[[kept, absorbed]] = np.inf
    distances[kept] = distances[:, kept] = joined
    distances[absorbed] = distances[:, absorbed] = np.inf
    sizes[kept] += sizes[absorbed]
