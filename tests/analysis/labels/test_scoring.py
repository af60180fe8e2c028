"""Scores, by hand."""

import itertools

import pytest

from analysis.labels.scoring import label_score, mean_level
from analysis.labels.settings import LabelSettings


def score(levels: list[int], correct: list[bool], trusts: list[float] | None = None) -> float:
    return label_score(levels, correct, trusts, level_discount=0.1, wrong_guess_divisor=4)


@pytest.mark.parametrize(
    ("levels", "correct", "expected"),
    [
        ([0], [True], 1.0),
        ([5], [True], 0.5),
        ([0, 1, 5], [False, True, False], 2.4),  # 3 * (1 - 0.1 * 2)
        ([0, 1, 5], [False, False, False], 0.6),  # the same over 4
        ([2] * 10_000, [True] * 10_000, 8_000.0),
    ],
)
def test_score(levels: list[int], correct: list[bool], expected: float) -> None:
    assert score(levels, correct) == pytest.approx(expected)
    assert score(levels, correct, [1.0] * len(levels)) == score(levels, correct)


@pytest.mark.parametrize(
    ("levels", "correct", "trusts", "expected"),
    [
        ([0, 4], [True, True], [1.0, 0.25], 1.15),  # 1.25 * (1 - 0.1 * (0*1 + 4*0.25) / 1.25) = 1.25 * 0.92
        ([0, 4], [True, True], [0.25, 1.0], 0.85),  # the doubted one was early: 1.25 * (1 - 0.1 * 3.2)
        ([2, 2], [True, False], [0.5, 0.5], 0.8),
        ([2, 2], [True, False], [0.0, 1.0], 0.2),  # who guessed right is not trusted: 0.8 / 4
        ([2, 5], [False, True], [1.0, 0.0], 0.2),  # nor does their late look count
        ([0, 3], [True, True], [0.0, 0.0], 0.0),
    ],
)
def test_score_with_trust(
    levels: list[int], correct: list[bool], trusts: list[float], expected: float
) -> None:
    assert score(levels, correct, trusts) == pytest.approx(expected)


def test_one_player_of_half_trust_is_half_a_player() -> None:
    assert score([3], [True], [0.5]) == pytest.approx(0.5 * score([3], [True]))


def test_the_order_of_players_does_not_change_the_last_digit() -> None:
    players = [(0, True, 0.1), (1, False, 0.2), (2, False, 0.3), (5, True, 0.7), (4, False, 1e-17)]
    scores = {
        score([level for level, _, _ in order], [right for _, right, _ in order], [t for _, _, t in order])
        for order in itertools.permutations(players)
    }
    assert len(scores) == 1


@pytest.mark.parametrize(
    ("levels", "correct", "trusts"),
    [([], [], None), ([1], [], None), ([1], [True, True], None), ([1], [True], []), ([], [], [])],
)
def test_players_need_a_level_a_guess_and_a_trust_each(
    levels: list[int], correct: list[bool], trusts: list[float] | None
) -> None:
    with pytest.raises(ValueError, match="one level, one guess and one trust"):
        score(levels, correct, trusts)


@pytest.mark.parametrize("trust", [-0.1, float("nan"), float("inf"), float("-inf")])
def test_trust_is_a_weight(trust: float) -> None:
    with pytest.raises(ValueError, match="finite number"):
        score([1, 2], [True, True], [1.0, trust])


def test_mean_level() -> None:
    assert mean_level([0, 4], [3.0, 1.0]) == pytest.approx(1.0)
    assert mean_level([1, 4], [0.0, 0.0]) == pytest.approx(2.5)
    assert mean_level([3, 3, 3], [0.1, 0.2, 0.3]) == 3.0
    assert mean_level([3, 3], [5e-324, 5e-324]) == 3.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("level_discount", 0.21),
        ("level_discount", float("nan")),
        ("wrong_guess_divisor", 0.5),
        ("examples", -1),
    ],
)
def test_settings_out_of_range_are_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=r"level_discount|wrong_guess_divisor|examples"):
        LabelSettings(**{name: value})  # type: ignore[arg-type]  # one wrong value at a time
