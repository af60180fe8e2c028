"""What play earns."""

import math

GUESS_POINTS = 100
LEVEL_COST = 15

# A label pays for each of the first players who meant the same, the more the rarer its word is.
CONFIRMERS_PAID = 3
POINTS_PER_BIT = 2
FEWEST_FOR_LABEL, MOST_FOR_LABEL = 4, 20
VOCABULARY = 64  # words that a study is thought to have before anybody has said one

# Two players pay each other for this many agreements in a study; after that they are no longer independent.
AGREEMENTS_OF_A_PAIR = 20

STREAK_POINTS = 10
STREAK_DAYS_PAID = 7

LEVEL_STEP = 250


def guess_points(level: int) -> int:
    """What a right guess earns at a reveal level: 100 less 15 a level, never below 0."""
    return max(0, GUESS_POINTS - LEVEL_COST * level)


def label_points(said: int, total: int) -> int:
    """What a label earns for one player who means the same: 2 * -log2 p, between 4 and 20.

    p = (said + 1) / (total + 64) is the share of the study's labels that are this word, with a prior, so that
    neither a young study nor a first word is infinitely rare.

    Args:
        said: how often the word has been said in the study, 0 or more.
        total: how many labels the study has, at least `said`.
    """
    bits = -math.log2((said + 1) / (total + VOCABULARY))
    return max(FEWEST_FOR_LABEL, min(MOST_FOR_LABEL, round(POINTS_PER_BIT * bits)))


def streak_points(days: int) -> int:
    """What the first answer of a day earns after `days` days in a row, this one included: 10 a day from the
    second on, at most 70."""
    return 0 if days < 2 else STREAK_POINTS * min(days, STREAK_DAYS_PAID)


def level_of(points: int) -> int:
    """The level that so many points reach, from 1: level n begins at 125 * n * (n - 1) points."""
    return int((1 + math.sqrt(1 + 8 * max(0, points) / LEVEL_STEP)) / 2)


def level_begins(level: int) -> int:
    """The points at which a level begins."""
    return LEVEL_STEP * level * (level - 1) // 2
