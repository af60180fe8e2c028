"""How much one label says about one region."""

from collections.abc import Sequence
from math import fsum

LAST_LEVEL = 5
"""Reveal levels run from 0 (2 % of the pixels) to this one (30 %)."""


def label_score(
    levels: Sequence[int],
    correct: Sequence[bool],
    trusts: Sequence[float] | None = None,
    *,
    level_discount: float,
    wrong_guess_divisor: float,
) -> float:
    r"""Score a label inside a region: many players, early, by people who knew what they saw.

    .. math:: s = T \, (1 - d \, \bar{l}) \, / \, (1 \text{ if any author guessed right, else } q),
              \quad T = \sum_i t_i, \quad \bar{l} = \sum_i t_i l_i / T

    With every trust 1, T is the number of players and this the published score. An author without trust
    changes nothing, by a right guess either; where nobody has any the score is 0.

    Args:
        levels: reveal level l_i (0..5) at which each of the n distinct players gave the label, (n,).
        correct: whether that player guessed the class, (n,).
        trusts: t_i, how far each player is trusted, finite and not negative, (n,); or for how many people
            each row stands. None: 1 each.
        level_discount: d, 0.1 in the paper.
        wrong_guess_divisor: q, 4 in the paper.

    Returns:
        A number in 0..T, without unit. It grows with the number of players: compare it inside one class only.
        The order of players changes nothing, not even the last digit.

    Raises:
        ValueError: if there is no player, the sequences differ in length, or a trust is not a weight.

    Source: arXiv 2405.03301 and its notebooks; the trusts are ours.

    >>> label_score([0, 2], [True, False], level_discount=0.1, wrong_guess_divisor=4)
    1.8
    >>> label_score([0, 2], [True, False], [0.5, 0.5], level_discount=0.1, wrong_guess_divisor=4)
    0.9
    """
    weights = [1.0] * len(levels) if trusts is None else trusts
    if not levels or len({len(levels), len(correct), len(weights)}) != 1:
        raise ValueError("a score needs one level, one guess and one trust for each of at least one player")
    total = _total(weights)
    if total == 0:
        return 0.0
    score = total * (1 - level_discount * mean_level(levels, weights))
    heard = any(right and weight > 0 for right, weight in zip(correct, weights, strict=True))
    return score if heard else score / wrong_guess_divisor


def mean_level(levels: Sequence[int], weights: Sequence[float]) -> float:
    """Mean reveal level (0..5) of at least one player, weighted; the plain mean where all weights are 0."""
    total = _total(weights)
    if total == 0:
        return sum(levels) / len(levels)
    mean = fsum(weight * level for level, weight in zip(levels, weights, strict=True)) / total
    return min(
        max(mean, float(min(levels))), float(max(levels))
    )  # weights near the smallest float are rounded


def _total(weights: Sequence[float]) -> float:
    if not all(0 <= weight < float("inf") for weight in weights):
        raise ValueError("a trust must be a finite number, not negative")
    return fsum(weights)
