"""Labels of one lemma key as one thing to group, with the mean of their vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analysis.labels.lemma_sets import LemmaSets

Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Items:
    """Distinct keys; where keys do not matter, distinct vectors, and each row of zeros.

    Average linkage joins labels of one key first, at distance 0, and the mean cosine between two clusters is
    the inner product of their mean unit vectors: so nothing is lost.

    Attributes:
        item: (n,) int64, the item of each row; items are in an order that does not depend on the rows'.
        sums: (items, d) float32, the sum of the rows' unit vectors.
        sizes: (items,) int64, number of rows.
        lemmas: the items' keys; None where they do not matter.
    """

    item: Index
    sums: NDArray[np.float32]
    sizes: Index
    lemmas: LemmaSets | None

    def means(self, items: Index) -> NDArray[np.float32]:
        """Mean unit vectors of items (m,): (m, d) float32, of length 0..1."""
        sizes = self.sizes[items].astype(np.float32)
        means: NDArray[np.float32] = np.divide(self.sums[items], sizes[:, None], dtype=np.float32)
        return means


def items_of(vectors: NDArray[np.floating], keys: Sequence[frozenset[str]] | None) -> Items:
    """Items of n labels, from (n, d) vectors of any length and (n,) keys."""
    digests = digests_of(vectors)
    if keys is None:
        item, lemmas = _apart(digests, vectors), None
    else:
        distinct = sorted(set(keys), key=sorted)
        place = {key: at for at, key in enumerate(distinct)}
        item = np.fromiter((place[key] for key in keys), dtype=np.int64, count=len(keys))
        lemmas = LemmaSets(distinct)
    sizes = np.bincount(item)
    return Items(item, _sums(vectors, np.lexsort((digests, item)), item, len(sizes)), sizes, lemmas)


def _apart(digests: NDArray[np.uint64], vectors: NDArray[np.floating]) -> Index:
    distinct, item = np.unique(digests, return_inverse=True)
    zeros = np.flatnonzero(~vectors.any(axis=1))
    item[zeros] = len(distinct) + np.arange(len(zeros))
    return np.unique(item, return_inverse=True)[1].astype(np.int64)


def digests_of(vectors: NDArray[np.floating]) -> NDArray[np.uint64]:
    """A number for each row that tells it from others: sums in its order round alike however rows come."""
    rows = np.ascontiguousarray(vectors)
    digests = b"".join(blake2b(row.data, digest_size=8).digest() for row in rows)
    return np.frombuffer(digests, dtype=np.uint64)


def _sums(vectors: NDArray[np.floating], order: Index, item: Index, items: int) -> NDArray[np.float32]:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    scales = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0).astype(np.float32)
    starts = np.searchsorted(item[order], np.arange(items + 1))
    units = csr_array((scales[order], order, starts), shape=(items, len(vectors)))
    return np.asarray(units @ vectors, dtype=np.float32)
