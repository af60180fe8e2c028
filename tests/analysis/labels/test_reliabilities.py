"""Agreement a region, a layer and a study, by hand."""

import random

import pytest

from analysis.labels.records import LabelEntry
from analysis.labels.reliabilities import Reliabilities, reliabilities
from analysis.labels.reliability import Rating, Reliability, alpha

LAYERS = {1: "deep", 2: "deep", 3: "shallow", 4: "shallow"}
GROUPS = {"stripes": 0, "bands": 0, "beak": 1, "wheel": 2, "dot": 3}


def entry(text: str, player: int, region: int, trust: float = 1.0) -> LabelEntry:
    return LabelEntry(text, text, player, region, 0, True, trust)


def judged(entries: list[LabelEntry], **more: float) -> Reliabilities:
    return reliabilities(entries, lambda entry: GROUPS.get(entry.text), LAYERS, **more)  # type: ignore[arg-type]


FEW = [
    *(entry("stripes", 1, 1), entry("bands", 2, 1)),
    *(entry("beak", 1, 2), entry("beak", 2, 2), entry("wheel", 3, 2)),
    entry("dot", 1, 3),
    entry("a word in no group", 2, 3),
]


def test_by_hand() -> None:
    found = judged(FEW)
    # Layer "deep": 0 0 | 1 1 2, n = 5. D_o = (0 + 4/2) / 5; D_e = (25 - (4 + 4 + 1)) / 20
    assert found.layers["deep"].alpha == pytest.approx(1 - (2 / 5) / (16 / 20))
    assert (found.layers["deep"].units, found.layers["deep"].coders, found.layers["deep"].pairs) == (2, 3, 4)
    assert found.layers["shallow"] == Reliability(None, None, None, 0, 0, 0)
    assert found.study == found.layers["deep"]
    assert found.regions[1] == Reliability(1.0, None, None, 1, 2, 1)  # one pair has no interval
    assert found.regions[2].alpha == pytest.approx(1 - (2 / 3) / (16 / 20))
    assert found.regions[3] == Reliability(None, None, None, 0, 0, 0)
    assert list(found.regions) == [1, 2, 3]


def test_the_interval_of_a_region_by_hand() -> None:
    """Of three players two agree. Draws: all of one (left out); two of three, alike or not; each once."""
    region = judged(FEW).regions[2]
    assert region.low == pytest.approx(1 - 1 / 0.8)
    assert region.high == 1.0
    narrow = judged(FEW, confidence=0.01).regions[2]
    assert narrow.low == pytest.approx(1 - 1 / 0.8)
    assert narrow.high == narrow.low


def test_a_layer_of_one_region_is_held_against_the_study() -> None:
    found = judged([*FEW, entry("dot", 2, 3), entry("dot", 3, 3)])
    # 0 0 | 1 1 2 | 3 3 3, n = 8: D_e = (64 - (4 + 4 + 1 + 9)) / 56
    assert found.study.alpha == pytest.approx(1 - (2 / 8) / (46 / 56))
    assert found.layers["shallow"] == Reliability(None, None, None, 1, 3, 3)
    assert found.regions[3].alpha == 1.0
    assert found.regions[2].alpha == pytest.approx(1 - (2 / 3) / (16 / 20))


def test_where_nothing_is_expected_nothing_is_said() -> None:
    found = judged([entry("stripes", player, region) for player in (1, 2) for region in (1, 2)])
    nothing = Reliability(None, None, None, 1, 2, 1)
    assert found.regions == {1: nothing, 2: nothing}
    assert found.study == Reliability(None, None, None, 2, 2, 2)
    assert judged([]) == Reliabilities(Reliability(None, None, None, 0, 0, 0), {}, {})


def test_players_mean_sets_and_trust_plays_no_part() -> None:
    entries = [
        *(entry("stripes", 1, 1), entry("beak", 1, 1), entry("stripes", 2, 1)),
        *(entry("wheel", 1, 2), entry("wheel", 2, 2)),
    ]
    sets = [
        *(Rating(1, 1, frozenset([0, 1])), Rating(1, 2, frozenset([0]))),
        *(Rating(2, 1, frozenset([2])), Rating(2, 2, frozenset([2]))),
    ]
    assert judged(entries).study == alpha(sets)
    doubted = [entry(one.text, one.player, one.region, 0.1 * one.player) for one in entries]
    assert judged(doubted) == judged(entries)


def test_order_changes_nothing() -> None:
    dice = random.Random(4)
    entries = [entry(dice.choice(list(GROUPS)), dice.randrange(6), dice.randrange(1, 5)) for _ in range(60)]
    found = judged(entries)
    dice.shuffle(entries)
    assert judged(entries) == found
    mean = sum(one.alpha for one in found.regions.values() if one.alpha is not None) / 4
    assert found.study.alpha == pytest.approx(mean, abs=0.1)
