"""Aggregation: every entry in one group, scores by hand, and order that does not matter."""

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis.labels.aggregate import aggregate
from analysis.labels.records import LabelEntry
from analysis.labels.settings import LabelSettings

DEFAULT = LabelSettings()
MEANINGS = {"stripes": 0, "striped": 0, "bands": 0, "stripe": 0, "band": 0, "beak": 1, "bill": 1, "wheel": 2}


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Known words by meaning, any other text in a direction of its own."""
    vectors = np.zeros((len(texts), 64), dtype=np.float32)
    for vector, text in zip(vectors, texts, strict=True):
        digest = hashlib.sha256(text.encode()).digest()
        vector[MEANINGS.get(text, 3 + digest[0] % 61)] = 1
    return vectors


def entry(
    text: str, player: int = 1, region: int = 1, level: int = 0, *, correct: bool = True, raw: str = ""
) -> LabelEntry:
    return LabelEntry(text, raw or text, player, region, level, correct)


def test_scores_by_hand() -> None:
    result = aggregate(
        [
            entry("stripes", player=1, level=0),
            entry("bands", player=1, level=0, raw="Bands"),
            entry("stripes", player=2, level=4, correct=False),
            entry("beak", player=2, level=4, correct=False),
            entry("beak", player=3, region=2, level=1),
        ],
        embed,
        DEFAULT,
    )
    assert [(group.name, group.members) for group in result.groups] == [
        ("stripes", (("stripes", 2), ("bands", 1))),
        ("beak", (("beak", 2),)),
    ]
    first, second = result.regions[1]
    assert (first.name, first.players, first.group) == ("stripes", 2, 0)
    assert first.score == pytest.approx(2 * (1 - 0.1 * 2))
    assert first.examples == ("stripes", "Bands")
    assert (second.name, second.players) == ("beak", 1)
    assert second.score == pytest.approx((1 - 0.1 * 4) / 4)
    assert [label.score for label in result.regions[2]] == pytest.approx([0.9])


def test_a_player_counts_once_a_group_at_the_lowest_level_and_right_if_ever_right() -> None:
    entries = [entry("stripes", level=3, correct=False), entry("bands", level=1), entry("striped", level=2)]
    (label,) = aggregate(entries, embed, DEFAULT).regions[1]
    assert label.players == 1
    assert label.score == pytest.approx(0.9)


def test_examples_are_the_three_that_most_players_typed() -> None:
    typed = {"STRIPES": [1, 2, 3], "Stripes": [4, 5], "stripes!": [6], "stripes": [7], "stripes.": [8, 9]}
    entries = [entry("stripes", player, raw=raw) for raw, players in typed.items() for player in players]
    (label,) = aggregate(entries, embed, DEFAULT).regions[1]
    assert label.examples == ("STRIPES", "Stripes", "stripes.")
    assert label.players == 9


def test_nothing_gives_nothing() -> None:
    result = aggregate([], embed, DEFAULT)
    assert (result.groups, dict(result.regions)) == ((), {})


def test_ten_thousand_equal_labels_are_one_group_of_one_member() -> None:
    entries = [entry("stripes", player, level=2) for player in range(10_000)]
    result = aggregate(entries, embed, DEFAULT)
    assert result.groups[0].members == (("stripes", 10_000),)
    assert result.regions[1][0].score == pytest.approx(8_000)


def test_repeated_entries_change_nothing() -> None:
    entries = [entry("stripes"), entry("beak", 2), entry("bill", 3)]
    assert aggregate(entries * 2, embed, DEFAULT) == aggregate(entries, embed, DEFAULT)


@pytest.mark.parametrize(("text", "level"), [("", 0), ("stripes", -1), ("stripes", 6)])
def test_entries_that_cannot_be_are_refused(text: str, level: int) -> None:
    with pytest.raises(ValueError, match=r"normal form|level"):
        entry(text, level=level)


ENTRIES = st.builds(
    LabelEntry,
    text=st.sampled_from([*MEANINGS, "not", "פסים", "black and white", "x" * 500])
    | st.text("ab ", min_size=1),
    raw=st.text(max_size=5),
    player=st.integers(0, 4),
    region=st.integers(0, 2),
    level=st.integers(0, 5),
    correct=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), entries=st.lists(ENTRIES, max_size=15))
def test_every_entry_is_in_one_group_and_order_does_not_matter(
    data: st.DataObject, entries: list[LabelEntry]
) -> None:
    result = aggregate(entries, embed, DEFAULT)
    members = [text for group in result.groups for text, _ in group.members]
    assert sorted(members) == sorted({entry.text for entry in entries})
    given_to = {(entry.region, entry.player) for entry in entries}
    found = {
        (region, p) for region, labels in result.regions.items() for label in labels for p in label.player_ids
    }
    assert found == given_to
    assert aggregate(data.draw(st.permutations(entries)), embed, DEFAULT) == result


TWO_LANGUAGES = {
    **dict.fromkeys(["stripes", "stripe", "strisce", "striscia"], 0),
    **dict.fromkeys(["beak", "becco"], 1),
    **dict.fromkeys(["black", "nero", "white", "bianco"], 2),  # near each other in every model
}


def multilingual(texts: Sequence[str]) -> NDArray[np.float32]:
    return np.eye(3, dtype=np.float32)[[TWO_LANGUAGES[text] for text in texts]]


def spoken(*texts: str) -> list[LabelEntry]:
    italian = {"strisce", "becco", "nero", "bianco"}
    return [
        LabelEntry(text, text, player, 1, 0, True, language="it" if text in italian else "en")
        for player, text in enumerate(texts)
    ]


def groups_of(entries: list[LabelEntry], model_languages: tuple[str, ...]) -> set[frozenset[str]]:
    groups = aggregate(entries, multilingual, DEFAULT, model_languages=model_languages).groups
    return {frozenset(text for text, _ in group.members) for group in groups}


def test_two_languages_meet_where_the_model_knows_both() -> None:
    entries = spoken("stripes", "strisce", "beak", "becco")
    assert groups_of(entries, ("en", "it")) == {
        frozenset({"stripes", "strisce"}),
        frozenset({"beak", "becco"}),
    }
    assert groups_of(entries, ("en",)) == {frozenset({text.text}) for text in entries}


def test_opposites_are_parted_across_languages_and_equals_meet() -> None:
    entries = spoken("black", "nero", "white", "bianco")
    assert groups_of(entries, ("en", "it")) == {frozenset({"black", "nero"}), frozenset({"white", "bianco"})}
    assert groups_of(entries, ("en",)) == {frozenset({text.text}) for text in entries}
