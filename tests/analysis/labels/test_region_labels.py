"""Labels of a region: who counts for how much, by hand."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.labels.records import LabelEntry, LabelGroup
from analysis.labels.region_labels import region_labels
from analysis.labels.settings import LabelSettings

GROUPS = (
    LabelGroup("stripes", (("stripes", 3), ("bands", 1))),
    LabelGroup("beak", (("beak", 1),)),
    LabelGroup("claw", (("claw", 1),)),
)
TRUSTED, PLAIN = LabelSettings(), replace(LabelSettings(), trusted=False)


def entry(
    text: str, player: int, level: int = 0, trust: float = 1.0, *, region: int = 1, correct: bool = True
) -> LabelEntry:
    return LabelEntry(text, text.upper(), player, region, level, correct, trust)


def test_trusted_players_count_for_more() -> None:
    entries = [
        entry("stripes", 1, 0, 1.0, correct=False),
        entry("bands", 2, 4, 0.25),
        *(entry("beak", player, 0, 0.2) for player in (3, 4, 5)),
    ]
    stripes, beak = region_labels(entries, GROUPS, TRUSTED)[1]
    assert (stripes.name, stripes.players, stripes.correct, stripes.trust) == ("stripes", 2, 1, 1.25)
    assert stripes.mean_level == pytest.approx(0.8)  # 4 * 0.25 / 1.25
    assert stripes.score == pytest.approx(1.25 * 0.92)
    assert (beak.name, beak.players, beak.correct) == ("beak", 3, 3)
    assert beak.score == pytest.approx(0.6)
    assert beak.trust == pytest.approx(0.6)


def test_plain_frequency_counts_heads_and_still_says_the_trust() -> None:
    entries = [entry("stripes", 1, 0, 1.0), *(entry("beak", player, 2, 0.2) for player in (3, 4, 5))]
    beak, stripes = region_labels(entries, GROUPS, PLAIN)[1]
    assert (beak.name, beak.mean_level) == ("beak", 2.0)
    assert beak.score == pytest.approx(2.4)
    assert beak.trust == pytest.approx(0.6)
    assert (stripes.name, stripes.score) == ("stripes", 1.0)


def test_nobody_trusted_scores_nothing_and_is_still_said() -> None:
    (label,) = region_labels([entry("claw", 1, 2, 0.0), entry("claw", 2, 5, 0.0)], GROUPS, TRUSTED)[1]
    assert (label.score, label.players, label.trust, label.correct) == (0.0, 2, 0.0, 2)
    assert label.mean_level == 3.5


def test_a_player_counts_once_a_group_and_once_for_each_group() -> None:
    entries = [
        entry("stripes", 1, 3, 0.5, correct=False),
        entry("bands", 1, 1, 0.5),
        entry("beak", 1, 3, 0.5, correct=False),
    ]
    stripes, beak = region_labels(entries, GROUPS, TRUSTED)[1]
    assert (stripes.players, stripes.correct, stripes.mean_level) == (1, 1, 1.0)
    assert stripes.score == pytest.approx(0.5 * 0.9)
    assert beak.correct == 0
    assert beak.score == pytest.approx(0.5 * 0.7 / 4)


def test_with_full_trust_both_ways_agree() -> None:
    entries = [entry("stripes", p, p % 5, region=p % 2, correct=p % 3 == 0) for p in range(9)]
    assert region_labels(entries, GROUPS, TRUSTED) == region_labels(entries, GROUPS, PLAIN)


ENTRIES = st.builds(
    LabelEntry,
    text=st.sampled_from(["stripes", "bands", "beak", "claw"]),
    raw=st.text(max_size=3),
    player=st.integers(0, 4),
    region=st.integers(0, 1),
    level=st.integers(0, 5),
    correct=st.booleans(),
    trust=st.floats(0, 1),
)


@settings(max_examples=80, deadline=None)
@given(data=st.data(), entries=st.lists(ENTRIES, max_size=12), trusted=st.booleans())
def test_order_changes_nothing_and_every_number_is_in_its_range(
    data: st.DataObject, entries: list[LabelEntry], trusted: bool
) -> None:
    chosen = TRUSTED if trusted else PLAIN
    found = region_labels(entries, GROUPS, chosen)
    assert region_labels(data.draw(st.permutations(entries)), GROUPS, chosen) == found
    for label in (label for labels in found.values() for label in labels):
        assert 0 <= label.score <= (label.trust if trusted else label.players)
        assert 0 <= label.trust <= label.players
        assert 0 <= label.correct <= label.players
        assert 0 <= label.mean_level <= 5
