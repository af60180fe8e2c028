"""Answers faster than anybody can look and type."""

import numpy as np

from analysis.crowd.crowd import Crowd, shares
from analysis.crowd.records import Signal, Work

FEWEST_ANSWERS = 5
LOOKING, TYPING = 0.8, 0.05
"""Seconds to see anything at all and reach for a key; seconds a character of a very fast typist (240 words a
minute). A phone's suggestions type faster, but have to be read."""
LIMIT = 0.5


def speed_signals(work: Work, crowd: Crowd) -> dict[int, Signal]:
    """The share of a player's timed answers that took less than 0.8 s + 0.05 s for each character typed.

    Found from one half. Clocks of browsers can be wrong, so it does not suffice alone.
    """
    lengths = np.array([len(text) for text in work.typed], dtype=np.int64)
    characters = np.bincount(work.answers, weights=lengths[work.texts], minlength=len(work.players))
    timed = np.isfinite(work.seconds) & (characters > 0)
    fast = timed & (np.nan_to_num(work.seconds, nan=np.inf) < LOOKING + TYPING * characters)
    answers = np.bincount(crowd.players[timed], minlength=crowd.size)
    too_fast = np.bincount(crowd.players[fast], minlength=crowd.size)
    share = shares(too_fast, answers)
    return {
        player: Signal(
            float(share[player]),
            LIMIT,
            int(share[player] >= LIMIT),
            f"{too_fast[player]} of {answers[player]} answers were faster than anybody looks and types.",
        )
        for player in np.flatnonzero(answers >= FEWEST_ANSWERS).tolist()
    }
