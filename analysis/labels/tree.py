"""The one tree that every cut of the labels comes from."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import squareform

Linkage = Literal["complete", "average"]


@dataclass(frozen=True, slots=True)
class Tree:
    """A hierarchy over n rows, as joins in order of height.

    Attributes:
        joins: (n-1, 2) int64, the clusters that become one; a cluster goes by its first row, the earlier one
            remains.
        heights: (n-1,) float64, never falling; with complete linkage the largest distance inside the new
            cluster.
    """

    joins: NDArray[np.int64]
    heights: NDArray[np.float64]

    def cut(self, k: int) -> NDArray[np.int64]:
        """The cluster of each row after the first n - k joins: (n,) int64, 0..k-1, numbered by first row."""
        cluster = np.arange(len(self.joins) + 1)
        for kept, absorbed in self.joins[: len(cluster) - k]:
            cluster[cluster == absorbed] = kept
        return np.unique(cluster, return_inverse=True)[1].astype(np.int64)

    def clusters_within(self, distance: float) -> int:
        """How many clusters are left when every join up to a height is made."""
        return len(self.heights) + 1 - int(np.count_nonzero(self.heights <= distance))


def build_tree(distances: NDArray[np.float64], linked: Linkage) -> Tree:
    """Build the tree whose cluster distance is the largest (complete) or the mean (average) between members.

    Args:
        distances: (n, n) float64, symmetric, zero diagonal, n >= 2. Equal distances are joined in row order.
    """
    n = len(distances)
    steps = linkage(squareform(distances, checks=False), method=linked)
    first_row = np.arange(2 * n - 1)
    joins = np.empty((n - 1, 2), dtype=np.int64)
    for step, pair in enumerate(steps[:, :2].astype(np.int64)):
        joins[step] = np.sort(first_row[pair])
        first_row[n + step] = joins[step, 0]
    return Tree(joins, steps[:, 2])
