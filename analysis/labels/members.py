"""The members of many clusters, and pairs of members of two of them."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
_MOST = 64  # members that stand for a larger cluster
_CROSSED = 1_000_000  # pairs listed at a time


class Members:
    """The items of each cluster.

    Args:
        cluster: (n,) int64, of each item the first item of its cluster.
    """

    def __init__(self, cluster: Index) -> None:
        self._order = np.argsort(cluster, kind="stable")
        self._starts = np.searchsorted(cluster[self._order], np.arange(len(cluster) + 1))

    def crossed(self, a: Index, b: Index) -> Iterator[tuple[Index, Index, Index]]:
        """Pair each member of cluster a with each of b, for (m,) a and b; of a large one 64, evenly chosen.

        Yields:
            place, i, j: (k,) int64, the place 0..m-1 of the pair of clusters, an item of a and one of b.
        """
        wide = self._chosen(b)
        pairs = self._chosen(a) * wide
        ends = np.cumsum(pairs)
        part = (ends - pairs) // _CROSSED
        for places in np.split(np.arange(len(a)), np.flatnonzero(np.diff(part)) + 1):
            own = np.repeat(places, pairs[places])
            at = np.arange(len(own)) - (ends - pairs)[own] + (ends - pairs)[places[:1]]
            yield own, self._items(a[own], at // wide[own]), self._items(b[own], at % wide[own])

    def _chosen(self, cluster: Index) -> Index:
        chosen: Index = np.minimum(self._size(cluster), _MOST)
        return chosen

    def _items(self, cluster: Index, at: Index) -> Index:
        spread = at * self._size(cluster) // self._chosen(cluster)
        items: Index = self._order[self._starts[cluster] + spread]
        return items

    def _size(self, cluster: Index) -> Index:
        size: Index = self._starts[cluster + 1] - self._starts[cluster]
        return size
