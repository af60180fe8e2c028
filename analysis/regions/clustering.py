"""Which maps light up together: one deterministic Ward tree, cut where its silhouette is best."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import ward
from scipy.spatial.distance import squareform

FEWEST_TO_CLUSTER = 4


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """A partition of n maps.

    Attributes:
        labels: (n,) 0..k-1, numbered by each cluster's first map.
        silhouette: its mean silhouette, -1..1, None where there were too few maps to cluster.
    """

    labels: NDArray[np.intp]
    silhouette: float | None


def cluster(vectors: NDArray[np.float32], fewest: int = 3, most: int = 8) -> Clusters:
    """Cut one Ward tree at the k = fewest..most of the best silhouette, the smallest k where several are.

    The distances of one matrix product serve the tree and every silhouette. k never exceeds n - 1; fewer than
    four vectors, or too few for `fewest`, stay one cluster each.

    Args:
        vectors: (n, d), one for each map.
        fewest: smallest k tried.
        most: largest k tried.
    """
    count = len(vectors)
    most = min(most, count - 1)
    if count < FEWEST_TO_CLUSTER or most < fewest:
        return Clusters(np.arange(count, dtype=np.intp), None)
    distances = pairwise_distances(vectors)
    tree = ward(squareform(distances, checks=False))
    candidates = [(silhouette(distances, labels), labels) for labels in cuts(tree, fewest, most)]
    score, labels = max(reversed(candidates), key=lambda candidate: candidate[0])
    return Clusters(labels, score)


def pairwise_distances(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Euclidean distances from one matrix product: d_ij^2 = |v_i|^2 + |v_j|^2 - 2 v_i.v_j.

    Args:
        vectors: (n, d).

    Returns:
        (n, n), symmetric, zero diagonal, >= 0.
    """
    products = (vectors @ vectors.T).astype(np.float64)
    norms = products.diagonal()
    squares = np.maximum(norms[:, None] + norms[None, :] - (products + products.T), 0)
    np.fill_diagonal(squares, 0)
    return np.sqrt(squares)


def cuts(tree: NDArray[np.float64], fewest: int, most: int) -> Iterator[NDArray[np.intp]]:
    """The tree's partitions into most, ..., fewest clusters, exactly, also where merges are equally high.

    Args:
        tree: (n - 1, 4), SciPy's linkage matrix.
        fewest: smallest number of clusters.
        most: largest, at most n - 1.

    Yields:
        (n,) labels 0..k-1, numbered by each cluster's first member.
    """
    count = len(tree) + 1
    members = {leaf: [leaf] for leaf in range(count)}
    for step, (left, right) in enumerate(tree[:, :2].astype(int).tolist()):
        members[count + step] = members.pop(left) + members.pop(right)
        if fewest <= len(members) <= most:
            labels = np.empty(count, dtype=np.intp)
            for label, leaves in enumerate(sorted(members.values(), key=min)):
                labels[leaves] = label
            yield labels


def silhouette(distances: NDArray[np.float64], labels: NDArray[np.intp]) -> float:
    """Mean of (b_i - a_i) / max(a_i, b_i), Rousseeuw 1987.

    a_i is the mean distance to the others of i's cluster, b_i the least mean distance to another cluster; a
    cluster of one counts 0, and so does 0 / 0.

    Args:
        distances: (n, n).
        labels: (n,) 0..k-1, k >= 2, none empty.
    """
    sizes = np.bincount(labels)
    own = np.arange(len(labels))
    sums = distances @ np.eye(len(sizes))[labels]
    inside = sums[own, labels] / np.maximum(sizes[labels] - 1, 1)
    means = sums / sizes
    means[own, labels] = np.inf
    nearest = means.min(axis=1)
    larger = np.maximum(inside, nearest)
    counted = (sizes[labels] > 1) & (larger > 0)
    return float(np.where(counted, (nearest - inside) / np.where(larger > 0, larger, 1), 0).mean())
