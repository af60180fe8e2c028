"""Average linkage along near pairs, for more labels than a matrix of distances can hold."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.labels.candidates import products
from analysis.labels.items import Items
from analysis.labels.lemma_sets import LemmaSets
from analysis.labels.members import Members

Index = NDArray[np.int64]
Floats = NDArray[np.float64]
_DECIMALS = 6  # of distances: what is beyond decides nothing


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of clusters a < b, with the overlap of lemmas summed over their pairs of rows."""

    a: Index
    b: Index
    overlap: Floats
    distance: Floats

    def where(self, chosen: NDArray[np.bool_]) -> "Edges":
        return Edges(self.a[chosen], self.b[chosen], self.overlap[chosen], self.distance[chosen])

    def with_others(self, other: "Edges") -> "Edges":
        pairs = zip(
            (self.a, self.b, self.overlap, self.distance),
            (other.a, other.b, other.overlap, other.distance),
            strict=True,
        )
        return Edges(*(np.concatenate(pair) for pair in pairs))


class SparseAverage:
    r"""Clusters that average linkage leaves when it is cut at a distance, from the pairs within it.

    Two clusters A, B of rows, with unit vectors v and keys, are

    .. math:: D_{AB} = 1 - (1 - m) \, \bar v_A \cdot \bar v_B - m \bar J_{AB}

    apart: the mean of `label_distances` over their pairs, from the means of their vectors alone. Clusters
    that are each other's nearest are joined, all such pairs at a time; as average linkage is reducible, that
    gives the tree's clusters (up to equal distances, which are joined in an order that is mixed but fixed).
    A mean within the cut has a pair within the cut, so that clusters without one need not be looked at. With
    all pairs the result is exact; of clusters between which pairs are missing the distance still is, up to 64
    items in each, and beyond it takes its overlap from 64 that are evenly chosen.

    Args:
        items: what is joined; their sums are changed in place.
        cut: largest distance of clusters that are joined.
        lemma_weight: m, 0..1.

    Attributes:
        cluster: (n,) int64, of each item the first item of its cluster.

    Source: Murtagh 1983, doi 10.1093/comjnl/26.4.354, for reciprocal nearest neighbours.
    """

    def __init__(self, items: Items, cut: float, lemma_weight: float) -> None:
        self.cluster = np.arange(len(items.sizes))
        self._sums, self._rows, self._sizes = items.sums, items.sizes, items.sizes.copy()
        self._lemmas, self._cut = items.lemmas, cut
        self._share = lemma_weight if items.lemmas else 0.0

    def join_all(self, a: Index, b: Index) -> Index:
        """Join along pairs of items a < b, each given once; return `cluster`."""
        overlap = np.zeros(len(a))
        if self._lemmas is not None:
            overlap = self._lemmas.overlap(a, b) * (self._sizes[a] * self._sizes[b])
        edges = self._measured(a, b, overlap)
        while len(edges.a):
            edges = self._joined(edges, *_mutually_nearest(edges, len(self._sizes)))
        return self.cluster

    def _measured(self, a: Index, b: Index, overlap: Floats) -> Edges:
        """Edges within the cut."""
        pairs = self._sizes[a] * self._sizes[b]
        meant = products(self._sums, a, b).astype(np.float64)
        distance = 1 - ((1 - self._share) * meant + self._share * overlap) / pairs
        return Edges(a, b, overlap, np.round(distance, _DECIMALS)).where(distance <= self._cut)

    def _joined(self, edges: Edges, kept: Index, absorbed: Index) -> Edges:
        """The edges when each of `absorbed` has become part of its `kept`, no cluster being in both."""
        n = len(self._sizes)
        into = np.arange(n)
        into[absorbed] = kept
        changed = np.zeros(n, dtype=np.bool_)
        changed[kept] = changed[absorbed] = True
        touched = changed[edges.a] | changed[edges.b]
        old = edges.where(touched & (into[edges.a] != into[edges.b]))
        p, q = into[old.a], into[old.b]
        codes, place = np.unique(np.minimum(p, q) * n + np.maximum(p, q), return_inverse=True)
        overlap: Floats = np.bincount(place, old.overlap, len(codes)).astype(np.float64)
        p, q = codes // n, codes % n
        if self._lemmas is not None:
            overlap += self._unseen(self._lemmas, old, (p, q), _partners(n, kept, absorbed))
        self._sums[kept] += self._sums[absorbed]
        self._sizes[kept] += self._sizes[absorbed]
        self.cluster = into[self.cluster]
        return edges.where(~touched).with_others(self._measured(p, q, overlap))

    def _unseen(self, lemmas: LemmaSets, old: Edges, joined: tuple[Index, Index], partner: Index) -> Floats:
        """Overlap between the parts of joined clusters that no old edge tells, for each new edge."""
        n = len(self._sizes)
        seen = old.a * n + old.b
        ends = [(p, q) for p in (joined[0], partner[joined[0]]) for q in (joined[1], partner[joined[1]])]
        low = np.concatenate([np.minimum(p, q) for p, q in ends])
        high = np.concatenate([np.maximum(p, q) for p, q in ends])
        unseen = np.flatnonzero((low >= 0) & ~np.isin(low * n + high, seen))
        overlap = np.zeros(len(low))
        overlap[unseen] = self._crossed(lemmas, low[unseen], high[unseen])
        summed: Floats = overlap.reshape(len(ends), -1).sum(axis=0)
        return summed

    def _crossed(self, lemmas: LemmaSets, a: Index, b: Index) -> Floats:
        """Overlap summed over the pairs of rows of clusters a (m,) and b, see `Members`."""
        overlap, looked_at = np.zeros(len(a)), np.zeros(len(a))
        if len(a):
            for own, i, j in Members(self.cluster).crossed(a, b):
                pairs = (self._rows[i] * self._rows[j]).astype(np.float64)
                overlap += np.bincount(own, lemmas.overlap(i, j) * pairs, len(a))
                looked_at += np.bincount(own, pairs, len(a))
        summed: Floats = overlap / np.maximum(looked_at, 1) * (self._sizes[a] * self._sizes[b])
        return summed


def _partners(n: int, kept: Index, absorbed: Index) -> Index:
    partner = np.full(n, -1)
    partner[kept] = absorbed
    return partner


def _mutually_nearest(edges: Edges, n: int) -> tuple[Index, Index]:
    """Clusters that are each other's nearest.

    Of equally long edges a mixed number decides, so that many equal clusters meet in few rounds.
    """
    least = np.full(n, np.inf)
    mixed = _mixed((edges.a * n + edges.b).astype(np.uint64))
    first = np.full(n, np.iinfo(np.uint64).max, dtype=np.uint64)
    for end in (edges.a, edges.b):
        np.minimum.at(least, end, edges.distance)
    for end in (edges.a, edges.b):
        tied = edges.distance == least[end]
        np.minimum.at(first, end[tied], mixed[tied])
    mutual = (first[edges.a] == mixed) & (first[edges.b] == mixed)
    return edges.a[mutual], edges.b[mutual]


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Different numbers for different ones, in no order. Source: splitmix64, doi 10.1145/2660193.2660195."""
    mixed = numbers
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed
