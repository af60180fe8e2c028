"""How much one label says about one region."""

from collections.abc import Sequence

LAST_LEVEL = 5
"""Reveal levels run from 0 (2 % of the pixels) to this one (30 %)."""


def label_score(
    levels: Sequence[int], correct: Sequence[bool], *, level_discount: float, wrong_guess_divisor: float
) -> float:
    r"""Score a label inside a region: many players, early, by people who knew what they saw.

    .. math:: s = n \, (1 - d \, \bar{level}) \, / \, (1 \text{ if any author guessed right, else } q)

    Args:
        levels: reveal level (0..5) at which each of the n distinct players gave the label, (n,).
        correct: whether that player guessed the class, (n,).
        level_discount: d, 0.1 in the paper.
        wrong_guess_divisor: q, 4 in the paper.

    Returns:
        A number in 0..n, without unit. It grows with the number of players: compare it inside one class only.

    Raises:
        ValueError: if there is no player, or the two sequences differ in length.

    Source: arXiv 2405.03301 and its notebooks.

    >>> label_score([0, 2], [True, False], level_discount=0.1, wrong_guess_divisor=4)
    1.8
    """
    if not levels or len(levels) != len(correct):
        raise ValueError("a score needs one level and one guess for each of at least one player")
    mean_level = sum(levels) / len(levels)
    score = len(levels) * (1 - level_discount * mean_level)
    return score if any(correct) else score / wrong_guess_divisor
