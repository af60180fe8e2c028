"""Which maps light up together: one deterministic tree, cut where its silhouette is best."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage as tree_of
from scipy.spatial.distance import squareform
from torch import Tensor

from analysis.regions.recipe import Linkage
from analysis.regions.weights import widest

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

    @property
    def count(self) -> int:
        """How many clusters there are."""
        return int(self.labels.max()) + 1 if len(self.labels) else 0


def cluster(vectors: Tensor, linkage: Linkage = "ward", fewest: int = 3, most: int = 8) -> Clusters:
    """Cut one tree at the k = fewest..most of the best silhouette, the smallest k where several are.

    The distances of one matrix product, on the vectors' device, serve the tree and every silhouette. k never
    exceeds n - 1; fewer than four vectors stay one cluster each.

    Args:
        vectors: (n, d), one for each map.
        linkage: how the tree joins clusters, by Euclidean distance.
        fewest: smallest k tried.
        most: largest k tried.
    """
    count = len(vectors)
    fewest, most = min(fewest, count - 1), min(most, count - 1)
    if count < FEWEST_TO_CLUSTER:
        return Clusters(np.arange(count, dtype=np.intp), None)
    distances = pairwise_distances(vectors)
    tree = tree_of(squareform(distances.cpu().numpy(), checks=False), linkage)
    partitions = list(cuts(tree, fewest, most))
    scores = silhouettes(distances, partitions)
    best = max(reversed(range(len(partitions))), key=scores.__getitem__)
    return Clusters(partitions[best], scores[best])


def pairwise_distances(vectors: Tensor) -> Tensor:
    """Euclidean distances from one matrix product: d_ij^2 = |v_i|^2 + |v_j|^2 - 2 v_i.v_j.

    Args:
        vectors: (n, d).

    Returns:
        (n, n), symmetric, zero diagonal, >= 0, float64 where the device has it.
    """
    products = (vectors @ vectors.T).to(widest(vectors.device))
    norms = products.diagonal().clone()
    squares = (products + products.T).neg_().add_(norms[:, None]).add_(norms[None, :])
    return squares.clamp_(min=0).fill_diagonal_(0).sqrt_()


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


def silhouettes(distances: Tensor, partitions: Sequence[NDArray[np.intp]]) -> list[float]:
    """Mean silhouette of several partitions, Rousseeuw 1987: mean_i of (b_i - a_i) / max(a_i, b_i).

    a_i is the mean distance to the others of i's cluster, b_i the least mean distance to another cluster; a
    cluster of one counts 0, and so does 0 / 0. One matrix product sums the distances to all clusters of all
    partitions.

    Args:
        distances: (n, n).
        partitions: each (n,) 0..k-1, k >= 2, none empty.
    """
    counts = [int(labels.max()) + 1 for labels in partitions]
    members = np.concatenate(
        [np.eye(k)[labels] for k, labels in zip(counts, partitions, strict=True)], axis=1
    )
    sums = (distances @ torch.from_numpy(members).to(distances)).cpu().double().numpy()
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    own = np.stack(partitions, axis=1) + starts  # (n, partitions), each point's column
    sizes = members.sum(axis=0)
    inside = np.take_along_axis(sums, own, axis=1) / np.maximum(sizes[own] - 1, 1)
    means = np.where(members > 0, np.inf, sums / sizes)
    nearest = np.minimum.reduceat(means, starts, axis=1)
    larger = np.maximum(inside, nearest)
    counted = (sizes[own] > 1) & (larger > 0)
    widths = np.where(counted, (nearest - inside) / np.where(larger > 0, larger, 1), 0)
    return [float(mean) for mean in widths.mean(axis=0)]
