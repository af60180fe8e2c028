"""The lemmas of many keys: who holds them, and how much two keys share."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, triu

Index = NDArray[np.int64]
_CHUNK = 200_000  # pairs


class LemmaSets:
    r"""Distinct keys, and what any two of them share: a weighted Jaccard index, rare lemmas weighing more.

    .. math:: J_{ij} = \sum_{w \in K_i \cap K_j} u_w / \sum_{w \in K_i \cup K_j} u_w, \quad
              u_w = \ln(1 + n / n_w)

    with n_w the number of keys, of n, that hold w.

    Args:
        keys: (n,) distinct sets of lemmas, none of them empty.
    """

    def __init__(self, keys: Sequence[frozenset[str]]) -> None:
        columns = {word: column for column, word in enumerate(sorted(frozenset().union(*keys)))}
        lengths = np.fromiter((len(key) for key in keys), dtype=np.int64, count=len(keys))
        held = (columns[word] for key in keys for word in key)
        words = np.fromiter(held, dtype=np.int64, count=int(lengths.sum()))
        starts = np.r_[0, np.cumsum(lengths)]
        weights = np.log1p(len(keys) / np.bincount(words, minlength=len(columns)))
        self._holds = csr_array((np.sqrt(weights)[words], words, starts), shape=(len(keys), len(columns)))
        self._holds.sort_indices()
        self._sizes = np.add.reduceat(weights[words], starts[:-1])

    def overlap(self, a: Index, b: Index) -> NDArray[np.float64]:
        """J of the pairs of keys a (m,) and b (m,): (m,) float64, 0..1."""
        found = np.empty(len(a))
        for start in range(0, len(a), _CHUNK):
            some = slice(start, start + _CHUNK)
            shared = self._holds[a[some]].multiply(self._holds[b[some]]).sum(axis=1)
            found[some] = shared / (self._sizes[a[some]] + self._sizes[b[some]] - shared)
        return found

    def sharing(self) -> int:
        """At most so many pairs share a lemma."""
        holders = np.bincount(self._holds.indices)
        return int((holders * (holders - 1)).sum() // 2)

    def overlaps(self) -> tuple[Index, Index, NDArray[np.float64]]:
        """Every pair a < b of keys that share a lemma, and its J; memory O(sum of n_w^2)."""
        shared = triu(self._holds @ self._holds.T, k=1, format="coo")
        a, b = (side.astype(np.int64) for side in shared.coords)
        return a, b, shared.data / (self._sizes[a] + self._sizes[b] - shared.data)

    def holders(self) -> Iterator[Index]:
        """For each lemma that several keys hold, those keys, in order."""
        lists = self._holds.tocsc()
        for column in np.flatnonzero(np.diff(lists.indptr) > 1):
            yield lists.indices[lists.indptr[column] : lists.indptr[column + 1]].astype(np.int64)

    def directions(self, dimensions: int) -> NDArray[np.float32]:
        r"""Vectors whose inner products estimate the cosine of two keys' weights, which is at least J.

        .. math:: \langle x_i, x_j \rangle \approx \sum_{w \in K_i \cap K_j} u_w / \sqrt{U_i U_j} \ge J_{ij},
                  \quad U_i = \sum_{w \in K_i} u_w

        A projection with random signs (fixed seed); the estimate's deviation is about 1/sqrt(dimensions).

        Returns:
            (n, dimensions) float32.

        Source: Achlioptas 2003, doi 10.1016/S0022-0000(03)00025-4.
        """
        signs = np.random.default_rng(0).choice((-1, 1), size=(self._holds.shape[1], dimensions))
        scaled = self._holds.multiply(1 / np.sqrt(self._sizes)[:, None]).tocsr().astype(np.float32)
        return np.asarray(scaled @ (signs / np.sqrt(dimensions)).astype(np.float32))
