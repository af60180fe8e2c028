"""Agreement far below what is expected."""

import numpy as np

from analysis.crowd.crowd import Crowd
from analysis.crowd.independence import listeners
from analysis.crowd.records import Codes, Flags, Numbers, Signal

FEWEST_LABELS = 8
FEWEST_LISTENERS = 3
TOLERANCE = 0.5
"""Sloppy but honest players reach at least this part of the agreement that is expected."""
LIMIT, DOUBTFUL = 0.005, 0.05


def agreement_signals(crowd: Crowd, credible: Flags, is_heard: Flags) -> dict[int, Signal]:
    """Of a player's n labels that enough people could agree with, k are heard (see `heard`). A label is
    expected to be heard as often as those of credible players with as many listeners; p is the mean of that.

        value = P(X <= k), X ~ Binomial(n, p / 2)

    is how likely so little agreement is for somebody who agrees only half as often as is usual: a sloppy
    player passes, someone who says what is not there does not. Below 0.005 it suffices alone, below 0.05
    together with another signal. The binomial is conservative: with unequal chances k varies less.
    """
    from scipy.stats import binom

    others = listeners(crowd, credible)
    counted = others >= FEWEST_LISTENERS
    chance = _expected(is_heard, others, counted & credible[crowd.label_players])
    own = crowd.label_players[counted]
    n = np.bincount(own, minlength=crowd.size)
    k = np.bincount(own, weights=is_heard[counted], minlength=crowd.size)
    p = np.bincount(own, weights=chance[counted], minlength=crowd.size) / np.maximum(n, 1)
    tails: Numbers = np.asarray(binom.cdf(k, n, TOLERANCE * p))
    return {
        player: _signal(float(tails[player]), int(k[player]), int(n[player]), float(p[player]))
        for player in np.flatnonzero(n >= FEWEST_LABELS).tolist()
    }


def _expected(is_heard: Flags, others: Codes, among: Flags) -> Numbers:
    """(L,) the rate of labels with as many listeners, in powers of two."""
    size = np.frexp(np.maximum(others, 0).astype(np.float64))[1]
    count = np.bincount(size[among], minlength=size.max(initial=0) + 1)
    hits = np.bincount(size[among], weights=is_heard[among], minlength=len(count))
    return (hits / np.maximum(count, 1))[size]


def _signal(tail: float, k: int, n: int, p: float) -> Signal:
    evidence = (
        f"{k} of {n} labels were said by independent others at the same photographs; {p * n:.0f} are usual."
    )
    return Signal(tail, LIMIT, 2 if tail < LIMIT else int(tail < DOUBTFUL), evidence)
