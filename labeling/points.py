"""What play earns."""

GUESS_POINTS = 100
LEVEL_COST = 15
AGREED_LABEL_POINTS = 20


def guess_points(level: int) -> int:
    """What a right guess earns at a reveal level: 100 less 15 a level, never below 0."""
    return max(0, GUESS_POINTS - LEVEL_COST * level)
