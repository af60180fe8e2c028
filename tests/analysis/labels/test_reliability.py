"""Krippendorff's alpha: his own examples, by hand, and against NLTK and crowd-kit."""

import random
from collections.abc import Callable, Sequence

import pandas as pd
import pytest
from crowdkit.metrics.data import alpha_krippendorff
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics import jaccard_distance, masi_distance
from nltk.metrics.agreement import AnnotationTask

from analysis.labels.reliability import MOST_GROUPS, Rating, Reliability, alpha
from analysis.labels.set_similarity import Similarity, jaccard, masi

Distance = Callable[[frozenset[int], frozenset[int]], float]


def rated(rows: Sequence[str]) -> list[Rating]:
    """A row for each coder, a letter for each unit, "." where there is none."""
    return [
        Rating(unit, coder, frozenset([ord(value)]))
        for coder, row in enumerate(rows)
        for unit, value in enumerate(row)
        if value != "."
    ]


def crowd(
    seed: int, *, units: int = 40, coders: int = 8, groups: int = 6, ratings: int = 200
) -> list[Rating]:
    """Everybody says anything anywhere."""
    dice = random.Random(seed)
    return [
        Rating(
            dice.randrange(units),
            dice.randrange(coders),
            frozenset(dice.sample(range(groups), dice.randint(1, 3))),
        )
        for _ in range(ratings)
    ]


@pytest.mark.parametrize(
    ("rows", "expected", "units", "pairs"),
    [
        # Krippendorff 2011, Computing Krippendorff's alpha-reliability: B, nominal data of two observers
        (["aabbdcccedda", "babbbccceddd"], 0.692, 12, 12),
        # and C, nominal data of four, some missing
        (["123321412...", "1233224125.3", ".3332342251.", "12332441251."], 0.743, 11, 55),
    ],
)
def test_examples_of_krippendorff(rows: list[str], expected: float, units: int, pairs: int) -> None:
    found = alpha(rated(rows))
    assert found.alpha == pytest.approx(expected, abs=5e-4)
    assert (found.units, found.coders, found.pairs) == (units, len(rows), pairs)


@pytest.mark.parametrize(
    ("similarity", "expected"),
    [
        # {1} {1,2} | {3} {3}: n = 4. Jaccard: D_o = 2 * 0.5 / 4; D_e = 2 * (0.5 + 4 * 1) / 12
        (jaccard, 1 - (1 / 4) / (9 / 12)),
        # MASI: 1 - 1/2 * 2/3 = 2/3 apart. D_o = 2 * (2/3) / 4; D_e = 2 * (2/3 + 4) / 12
        (masi, 1 - (1 / 3) / (7 / 9)),
    ],
)
def test_sets_by_hand(similarity: Similarity, expected: float) -> None:
    ratings = [
        Rating(1, 1, frozenset([1])),
        Rating(1, 2, frozenset([1, 2])),
        Rating(2, 1, frozenset([3])),
        Rating(2, 2, frozenset([3])),
        Rating(3, 1, frozenset([9])),  # alone at its unit: does not count
    ]
    found = alpha(ratings, similarity)
    assert found.alpha == pytest.approx(expected)
    assert (found.units, found.coders, found.pairs) == (2, 2, 2)


@pytest.mark.parametrize(("similarity", "distance"), [(jaccard, jaccard_distance), (masi, masi_distance)])
@pytest.mark.parametrize("seed", range(6))
def test_as_nltk(similarity: Similarity, distance: Distance, seed: int) -> None:
    ratings = crowd(seed, groups=3 + seed)
    united: dict[tuple[int, int], frozenset[int]] = {}
    for one in ratings:
        key = one.coder, one.unit
        united[key] = united.get(key, frozenset()) | one.groups
    task = AnnotationTask([(*key, groups) for key, groups in united.items()], distance=distance)
    assert alpha(ratings, similarity, draws=0).alpha == pytest.approx(task.alpha(), abs=1e-12)


def test_as_crowd_kit_where_everybody_names_one_group() -> None:
    dice = random.Random(1)
    rows = ["".join(dice.choice("abc." if unit % 3 else "aab.") for unit in range(50)) for _ in range(5)]
    ratings = rated(rows)
    table = pd.DataFrame(
        [(one.unit, one.coder, min(one.groups)) for one in ratings], columns=["task", "worker", "label"]
    )
    for similarity in (jaccard, masi):
        assert alpha(ratings, similarity, draws=0).alpha == pytest.approx(
            alpha_krippendorff(table), abs=1e-12
        )


def test_a_crowd_of_one_mind() -> None:
    ratings = [Rating(unit, coder, frozenset([unit, 99])) for unit in range(30) for coder in range(4)]
    assert alpha(ratings) == Reliability(1.0, 1.0, 1.0, units=30, coders=4, pairs=180)


def test_a_crowd_that_argues() -> None:
    found = alpha(crowd(7, units=400, coders=50, ratings=2000))
    assert found.alpha is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0 < found.high
    assert abs(found.alpha) < 0.02


def test_people_who_never_agree_are_below_chance() -> None:
    found = alpha(rated(["aabb", "bbaa"]))
    assert found.alpha == pytest.approx(1 - 1 / (2 * 16 / 56))  # 8 values, 4 of each: D_e = 32/56


@pytest.mark.parametrize(
    ("rows", "size"),
    [
        ([], (0, 0, 0)),
        (["ab"], (0, 0, 0)),
        (["ab..", "..cd"], (0, 0, 0)),
        (["aa", "aa", "aa"], (2, 3, 6)),  # everybody says the same everywhere
    ],
)
def test_undefined_is_none(rows: list[str], size: tuple[int, int, int]) -> None:
    assert alpha(rated(rows)) == Reliability(None, None, None, *size)


def test_large_equal_sets_are_undefined_in_spite_of_rounding() -> None:
    everything = frozenset(range(7))
    ratings = [Rating(unit, coder, everything) for unit in range(200) for coder in range(9)]
    for similarity in (jaccard, masi):
        assert alpha(ratings, similarity).alpha is None


def test_one_unit_has_an_alpha_but_no_interval() -> None:
    found = alpha(rated(["a", "a", "b"]))
    assert found.alpha == pytest.approx(0)  # what is observed is what is expected
    assert (found.low, found.high) == (None, None)


@pytest.mark.parametrize(("units", "coders", "agreeing"), [(80, 3, 0.5), (12, 5, 0.0), (12, 5, 0.8)])
def test_the_interval_holds_what_is_true_about_as_often_as_it_says(
    units: int, coders: int, agreeing: float
) -> None:
    """Everybody says what is there with a chance a, else anything of twenty: alpha is a squared."""

    def study(seed: int) -> list[Rating]:
        dice = random.Random(seed)
        ratings = []
        for unit in range(units):
            there = dice.randrange(20)
            for coder in range(coders):
                said = there if dice.random() < agreeing else dice.randrange(20)
                ratings.append(Rating(unit, coder, frozenset([said])))
        return ratings

    found = [alpha(study(seed), draws=200) for seed in range(100)]
    held = [
        one.low <= agreeing**2 <= one.high for one in found if one.low is not None and one.high is not None
    ]
    assert len(held) == 100
    assert 0.84 <= sum(held) / len(held) <= 0.99


def test_more_confidence_is_a_wider_interval() -> None:
    ratings = crowd(3)
    narrow, wide = alpha(ratings, confidence=0.5), alpha(ratings, confidence=0.99)
    assert narrow.alpha == wide.alpha
    assert wide.low is not None
    assert narrow.low is not None
    assert narrow.high is not None
    assert wide.high is not None
    assert wide.low < narrow.low < narrow.high < wide.high


def test_the_seed_decides_the_interval() -> None:
    ratings = crowd(3)
    assert alpha(ratings, seed=1) == alpha(ratings, seed=1)
    assert alpha(ratings, seed=1) != alpha(ratings, seed=2)


RATINGS = st.builds(
    Rating,
    unit=st.integers(-3, 3),
    coder=st.integers(-2, 2),
    groups=st.frozensets(st.integers(-4, 4), min_size=1, max_size=2),
)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), ratings=st.lists(RATINGS, max_size=14))
def test_order_and_repetition_change_nothing(data: st.DataObject, ratings: list[Rating]) -> None:
    found = alpha(ratings, draws=40)
    assert alpha(data.draw(st.permutations(ratings + ratings[:3])), draws=40) == found
    for value in (found.alpha, found.low, found.high):
        assert value is None or value <= 1


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one group"):
        Rating(1, 1, frozenset())
    too_many = [Rating(1, coder, frozenset(range(MOST_GROUPS + 1))) for coder in (1, 2)]
    with pytest.raises(ValueError, match="at most 8 groups"):
        alpha(too_many)
    for wrong in ({"draws": -1}, {"confidence": 0.0}, {"confidence": 1.0}, {"confidence": float("nan")}):
        with pytest.raises(ValueError, match="draws"):
            alpha([], **wrong)
