"""Scores, by hand."""

import pytest

from analysis.labels.scoring import label_score
from analysis.labels.settings import LabelSettings


@pytest.mark.parametrize(
    ("levels", "correct", "score"),
    [
        ([0], [True], 1.0),
        ([5], [True], 0.5),
        ([0, 1, 5], [False, True, False], 2.4),  # 3 * (1 - 0.1 * 2)
        ([0, 1, 5], [False, False, False], 0.6),  # the same over 4
        ([2] * 10_000, [True] * 10_000, 8_000.0),
    ],
)
def test_score(levels: list[int], correct: list[bool], score: float) -> None:
    assert label_score(levels, correct, level_discount=0.1, wrong_guess_divisor=4) == pytest.approx(score)


@pytest.mark.parametrize(("levels", "correct"), [([], []), ([1], []), ([1], [True, True])])
def test_players_need_a_level_and_a_guess_each(levels: list[int], correct: list[bool]) -> None:
    with pytest.raises(ValueError, match="one level and one guess"):
        label_score(levels, correct, level_discount=0.1, wrong_guess_divisor=4)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_distance", 2.1),
        ("max_distance", 0.1),
        ("same_distance", -0.1),
        ("level_discount", 0.21),
        ("level_discount", float("nan")),
        ("wrong_guess_divisor", 0.5),
        ("examples", -1),
    ],
)
def test_settings_out_of_range_are_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=r"distance|level_discount|wrong_guess_divisor|examples"):
        LabelSettings(**{name: value})  # type: ignore[arg-type]  # one wrong value at a time
