"""What play earns, with numbers worked out by hand."""

import pytest

from labeling.points import guess_points, label_points, level_begins, level_of, streak_points


@pytest.mark.parametrize(("level", "points"), [(0, 100), (1, 85), (2, 70), (3, 55), (4, 40), (5, 25)])
def test_a_right_guess_is_worth_less_with_each_level(level: int, points: int) -> None:
    assert guess_points(level) == points


def test_a_guess_is_never_negative() -> None:
    assert guess_points(50) == 0


@pytest.mark.parametrize(
    ("said", "total", "points"),
    [
        (0, 0, 12),  # p = 1/64: 6 bits
        (7, 192, 10),  # p = 8/256: 5 bits
        (63, 192, 4),  # p = 64/256: 2 bits
        (2, 64, 11),  # p = 3/128: 5.415 bits
        (0, 448, 18),  # p = 1/512: 9 bits
        (0, 960, 20),  # p = 1/1024: 10 bits
        (0, 10**6, 20),  # never more
        (255, 256, 4),  # p = 256/320: 0.32 bits, never less than 4
    ],
)
def test_a_label_earns_two_points_a_bit(said: int, total: int, points: int) -> None:
    assert label_points(said, total) == points


def test_a_rarer_word_never_earns_less() -> None:
    earned = [label_points(said, 5000) for said in range(5000)]
    assert earned == sorted(earned, reverse=True)
    assert (earned[0], earned[-1]) == (20, 4)


@pytest.mark.parametrize(("days", "points"), [(0, 0), (1, 0), (2, 20), (3, 30), (7, 70), (8, 70), (400, 70)])
def test_days_in_a_row_earn_more_up_to_seven(days: int, points: int) -> None:
    assert streak_points(days) == points


@pytest.mark.parametrize(
    ("points", "level"), [(-5, 1), (0, 1), (249, 1), (250, 2), (749, 2), (750, 3), (1499, 3), (1500, 4)]
)
def test_levels_need_more_and_more(points: int, level: int) -> None:
    assert level_of(points) == level


def test_a_level_begins_where_it_says() -> None:
    for level in range(1, 500):
        assert level_of(level_begins(level)) == level
        assert level_of(level_begins(level + 1) - 1) == level
