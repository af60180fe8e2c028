"""How alike two sets of meanings are, by their sizes and by how much they share."""

from collections.abc import Callable
from math import comb, fsum

Similarity = Callable[[int, int, int], float]
"""Sizes a and b of two sets that are not empty, and the size 0..min(a, b) of what they share -> 0..1.

0 where they share nothing, 1 where they are equal; a distance is 1 minus it.
"""


def jaccard(a: int, b: int, shared: int) -> float:
    r"""Share of what either says that both say.

    .. math:: |A \cap B| / |A \cup B|

    >>> jaccard(1, 2, 1)
    0.5
    """
    return shared / (a + b - shared)


def masi(a: int, b: int, shared: int) -> float:
    r"""Jaccard's, times 1 for equal sets, 2/3 where one holds the other, 1/3 where they cross.

    Source: Passonneau 2006, Measuring agreement on set-valued items (LREC).

    >>> masi(2, 4, 2) == 1 / 3
    True
    """
    if shared == a == b:
        return 1.0
    return jaccard(a, b, shared) * (2 if shared == min(a, b) else 1) / 3


def subset_weight(similarity: Similarity, a: int, b: int, size: int) -> float:
    r"""What each shared subset of a size adds to the similarity of two sets.

    Two sets that share k elements share C(k, r) subsets of size r, so that any similarity is a sum over
    shared subsets,

    .. math:: s(a, b, k) = \sum_{r=1}^{k} \binom{k}{r} q_r, \quad
              q_r = \sum_{j=1}^{r} (-1)^{r-j} \binom{r}{j} s(a, b, j)

    which turns the sum over all pairs of n sets, quadratic in n, into one over the subsets that occur.

    >>> [round(subset_weight(jaccard, 2, 2, size), 3) for size in (1, 2)]  # 1/3; 1 - 2/3
    [0.333, 0.333]
    """
    signs = [1 if (size - j) % 2 == 0 else -1 for j in range(1, size + 1)]
    return fsum(sign * comb(size, j) * similarity(a, b, j) for j, sign in enumerate(signs, start=1))
