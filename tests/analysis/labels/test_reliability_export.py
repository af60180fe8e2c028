"""Agreement as JSON: a number only where it means something, else the reason."""

import json

import pytest

from analysis.labels.reliability import Rating, Reliability, alpha
from analysis.labels.reliability_export import region_reliability_record, reliability_record


def said(*rows: tuple[int, int, int]) -> Reliability:
    """Of (region, player, group)."""
    return alpha([Rating(unit, coder, frozenset([group])) for unit, coder, group in rows])


def test_numbers_of_two_regions_on_which_two_players_agree() -> None:
    record = reliability_record(said((1, 1, 7), (1, 2, 7), (2, 1, 8), (2, 2, 8)))
    assert record == {
        "alpha": 1.0, "low": 1.0, "high": 1.0, "units": 2, "coders": 2, "pairs": 2, "reason": None,
        "no_interval": None,
    }  # fmt: skip


def test_a_crowd_that_argues_has_a_number_too() -> None:
    record = reliability_record(said((1, 1, 7), (1, 2, 8), (2, 1, 8), (2, 2, 7)))
    # Do = 1; of the 12 ordered pairs of the four 7 8 8 7 eight differ: De = 2/3, alpha = 1 - 3/2.
    assert record["alpha"] == pytest.approx(-0.5)
    assert record["reason"] is None


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "nobody to compare"),
        ([(1, 1, 7), (2, 2, 7)], "nobody to compare"),
        ([(1, 1, 7), (1, 2, 8), (1, 3, 7)], "too few regions"),
        ([(1, 1, 7), (1, 2, 7), (2, 1, 7), (2, 2, 7)], "nothing differs"),
    ],
)
def test_without_a_number_there_is_a_reason(rows: list[tuple[int, int, int]], reason: str) -> None:
    record = reliability_record(said(*rows))
    assert (record["alpha"], record["low"], record["high"]) == (None, None, None)
    assert record["reason"] == reason
    json.dumps(record, allow_nan=False)


def test_a_region_has_an_interval_from_three_players_on() -> None:
    assert region_reliability_record(Reliability(0.5, None, None, 1, 2, 1)) == {
        "alpha": 0.5, "low": None, "high": None, "units": 1, "coders": 2, "pairs": 1, "reason": None,
        "no_interval": "too few players",
    }  # fmt: skip
    assert region_reliability_record(Reliability(0.5, 0.1, 0.9, 1, 3, 3))["no_interval"] is None
    assert region_reliability_record(Reliability(None, None, None, 0, 0, 0))["reason"] == "nobody to compare"
    assert region_reliability_record(Reliability(None, None, None, 1, 3, 3))["reason"] == "nothing differs"
