"""Trust by hand: 4 prior answers at the usual rate, gold counted three times."""

import numpy as np
import pytest

from analysis.crowd.records import NOT_GOLD
from analysis.crowd.trust import trust_of
from tests.analysis.crowd.made import crowd_of, everybody, make_work


def test_trust_is_the_mean_of_a_beta_posterior() -> None:
    """1, 2 and 3 settle on "beak" twice; 4 says otherwise there. 1 and 2 hit a gold round, 4 misses it."""
    said = [
        (player, photo, "beak, claw" if player == 1 else "beak") for player in (1, 2, 3) for photo in (0, 1)
    ]
    said += [(4, 0, "sky"), (4, 1, "cloud"), (4, 2, "moon"), (1, 2, "beak"), (2, 2, "beak")]
    golds = [NOT_GOLD] * 8 + [0, 1, 1]
    work = make_work(said, golds=golds)
    crowd = crowd_of(work)
    usual = (2 + 3 + 2 + 3 + 2 + 1) / (2 + 3 + 2 + 3 + 2 + 2 + 3 + 2)
    expected = [(4 * usual + 5) / 9, (4 * usual + 5) / 9, (4 * usual + 2) / 6, (4 * usual + 0) / 9]
    assert trust_of(work, crowd, everybody(crowd)) == pytest.approx(expected)


def test_players_that_are_not_believed_settle_nothing() -> None:
    said = [(player, photo, "sky") for player in (1, 2, 3) for photo in range(4)]
    said += [(player, photo, "beak") for player in (4, 5) for photo in range(4)]
    work = make_work(said)
    crowd = crowd_of(work)
    trust = trust_of(work, crowd, np.array([False, False, False, True, True]))
    assert trust[3] > 0.9
    assert trust[0] < 0.6
    assert trust_of(work, crowd, everybody(crowd))[0] > 0.75


def test_where_nobody_agrees_trust_is_the_prior() -> None:
    work = make_work([(player, 0, f"word{player}") for player in range(4)])
    crowd = crowd_of(work)
    assert trust_of(work, crowd, everybody(crowd)).tolist() == [0.5] * 4
