"""Whether two classes differ by more than chance: images dealt anew to the classes."""

from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

ROUNDING = 1e-12
_AT_ONCE = 5_000_000  # numbers held while dealing


def permutation_p(
    one: NDArray[np.float64], other: NDArray[np.float64], permutations: int, seed: int
) -> NDArray[np.float64]:
    r"""Two-sided p-value of each column's difference of means.

    .. math:: p = (1 + \#\{|d^*| \ge |d|\}) / (1 + P)

    with d* the difference after the images were dealt to classes of the same sizes at random, P times; where
    there are at most P ways to deal, all of them, and p is the exact share with |d*| >= |d|. Differences that
    agree to 1e-12 are equal. All columns are dealt together.

    Args:
        one, other: (n, M) and (m, M), one row an image, n and m at least 1.
        permutations: P, at least 1.
        seed: of the dealing.

    Returns:
        (M,) in (0, 1].

    Source: Phipson and Smyth 2010, Permutation p-values should never be zero, doi 10.2202/1544-6115.1585.
    """
    values = np.concatenate([one, other])
    size, total = len(one), len(values)
    seen = np.abs(one.mean(axis=0) - other.mean(axis=0)) - ROUNDING
    if comb(total, size) <= permutations:
        hands = np.zeros((comb(total, size), total))
        for row, hand in enumerate(combinations(range(total), size)):
            hands[row, list(hand)] = 1
        return _as_large(hands, values, size, seen) / len(hands)
    dice = np.random.default_rng(seed)
    as_large = np.ones(values.shape[1])
    at_once = max(1, _AT_ONCE // max(total, values.shape[1]))
    for first in range(0, permutations, at_once):
        hands = np.zeros((min(at_once, permutations - first), total))
        hands[:, :size] = 1
        as_large += _as_large(dice.permuted(hands, axis=1), values, size, seen)
    return as_large / (1 + permutations)


def _as_large(
    hands: NDArray[np.float64], values: NDArray[np.float64], size: int, seen: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How many hands differ at least so much: (P, n + m) of 0 and 1 -> (M,)."""
    sums = hands @ values
    differences = sums / size - (values.sum(axis=0) - sums) / (len(values) - size)
    counts: NDArray[np.float64] = (np.abs(differences) >= seen).sum(axis=0).astype(np.float64)
    return counts


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""p-values so corrected that any false one among all is below the level with that probability at most.

    .. math:: \tilde p_{(k)} = \max_{j \le k} \min((M - j + 1) p_{(j)}, 1)

    for the M values in ascending order, whatever their dependence.

    Source: Holm 1979, A simple sequentially rejective multiple test procedure.

    >>> holm(np.array([0.04, 0.01, 0.03])).tolist()
    [0.06, 0.03, 0.06]
    """
    order = np.argsort(p, kind="stable")
    steps = np.minimum((len(p) - np.arange(len(p))) * p[order], 1)
    corrected = np.empty_like(p)
    corrected[order] = np.maximum.accumulate(steps)
    return corrected
