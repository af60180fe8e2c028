"""Pairs of labels that may be near enough to share a group."""

from collections.abc import Iterable, Iterator

import numpy as np

from analysis.labels.cells import Index, Vectors
from analysis.labels.items import Items
from analysis.labels.lemma_sets import LemmaSets
from analysis.labels.near_pairs import near_pairs

Pairs = tuple[Index, Index]

_ROUNDING = 1e-5
_NEAREST = 32  # of each label, in each block
_DIRECTIONS = 64  # dimensions that stand for lemmas
_SLACK = 0.05  # by which they may be wrong
_SHARING = 10_000_000  # pairs that share a lemma up to which all are listed
_WAITING = 5_000_000  # pairs between two times of sorting out
_CHUNK = 2_000  # pairs of vectors read at a time


def likely_pairs(items: Items, cut: float, lemma_weight: float) -> Pairs:
    """Most pairs of items within a distance of each other: a < b, each once, in order.

    A pair within the cut has a lemma in common, or else a cosine of at least (1 - cut) / (1 - m). So pairs
    are sought among those who hold each lemma, and among all by vectors alone, see `near_pairs`. Only among
    many items, or many who hold a lemma, may a pair be missed.
    """
    lemma_weight = lemma_weight if items.lemmas else 0.0
    kept = np.zeros(0, dtype=np.int64)
    for codes in _gathered(_likely(items, cut, lemma_weight), len(items.sizes)):
        kept = _each_once([kept, _within(items, codes, cut, lemma_weight)])
    return kept // len(items.sizes), kept % len(items.sizes)


def products(sums: Vectors, a: Index, b: Index) -> Vectors:
    """Inner products of rows a (m,) of sums (n, d) with rows b: (m,) float32."""
    found = np.empty(len(a), dtype=np.float32)
    for start in range(0, len(a), _CHUNK):
        some = slice(start, start + _CHUNK)
        found[some] = np.einsum("ij,ij->i", sums[a[some]], sums[b[some]])
    return found


def _likely(items: Items, cut: float, lemma_weight: float) -> Iterator[Pairs]:
    if items.lemmas is not None:
        if items.lemmas.sharing() <= _SHARING:
            yield items.lemmas.overlaps()[:2]
        else:
            yield from _sharing(items, items.lemmas, cut, lemma_weight)
    least = 1 - cut - _ROUNDING
    if least <= 1 - lemma_weight and lemma_weight < 1:
        yield from near_pairs(items.means, np.arange(len(items.sizes)), least / (1 - lemma_weight), _NEAREST)


def _sharing(items: Items, lemmas: LemmaSets, cut: float, lemma_weight: float) -> Iterator[Pairs]:
    directions = lemmas.directions(_DIRECTIONS) * np.float32(np.sqrt(lemma_weight))
    vector_weight = np.float32(np.sqrt(1 - lemma_weight))

    def points(rows: Index) -> Vectors:
        return np.hstack([items.means(rows) * vector_weight, directions[rows]])

    for holders in lemmas.holders():
        yield from near_pairs(points, holders, 1 - cut - _SLACK, _NEAREST)


def _gathered(pairs: Iterable[Pairs], n: int) -> Iterator[Index]:
    """Some millions of pairs at a time as numbers a n + b, each once, a < b."""
    waiting: list[Index] = []
    held = 0
    for a, b in pairs:
        different = a != b
        waiting.append(np.minimum(a, b)[different] * n + np.maximum(a, b)[different])
        held += len(waiting[-1])
        if held > _WAITING:
            yield _each_once(waiting)
            waiting, held = [], 0
    if waiting:
        yield _each_once(waiting)


def _within(items: Items, codes: Index, cut: float, lemma_weight: float) -> Index:
    a, b = codes // len(items.sizes), codes % len(items.sizes)
    near = (1 - lemma_weight) * products(items.sums, a, b) / (items.sizes[a] * items.sizes[b])
    if items.lemmas is not None:
        near += lemma_weight * items.lemmas.overlap(a, b)
    return codes[near >= 1 - cut - _ROUNDING]


def _each_once(codes: Iterable[Index]) -> Index:
    """Sorted; `numpy.unique` takes forty times as long for a million."""
    ordered = np.sort(np.concatenate([*codes]))
    return ordered[np.diff(ordered, prepend=-1) > 0]
