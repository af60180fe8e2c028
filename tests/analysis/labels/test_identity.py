"""Numbers that last, worked out by hand, and against every possible pairing."""

from itertools import permutations
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.labels import identity
from analysis.labels.identity import Member, identities

Groups = list[list[Member]]


def test_a_group_keeps_its_number_when_members_and_counts_grow() -> None:
    known = {4: [("stripes", 3)], 7: [("tail", 9)]}
    groups = [[("tail", 12), ("long tail", 40)], [("stripes", 5), ("striped", 1)], [("snow", 2)]]
    assert identities(groups, known) == [7, 4, 8]


def test_of_a_split_group_the_largest_part_keeps_the_number() -> None:
    known = {1: [("legs", 4), ("four legs", 3), ("long legs", 2)]}
    assert identities([[("legs", 4)], [("four legs", 3), ("long legs", 2)]], known) == [2, 1]


def test_weight_that_is_new_does_not_decide_who_keeps_a_number() -> None:
    known = {1: [("legs", 4), ("hooves", 3)]}
    assert identities([[("hooves", 100)], [("legs", 4)]], known) == [2, 1]


def test_merged_groups_keep_the_number_of_the_heaviest() -> None:
    known = {1: [("fur", 2)], 2: [("coat", 5)], 3: [("hair", 4)]}
    assert identities([[("fur", 2), ("coat", 5), ("hair", 4)]], known) == [2]


def test_the_sum_counts_and_not_the_largest_pair() -> None:
    # Pairing the heaviest first would keep 10 + 0; crossing keeps 8 + 9.
    known = {1: [("a", 10), ("b", 9)], 2: [("c", 8)]}
    assert identities([[("a", 10), ("c", 8)], [("b", 9)]], known) == [2, 1]


def test_a_number_is_never_given_again() -> None:
    assert identities([[("snow", 1)]], {2: [("tail", 1)]}, used=30) == [31]
    assert identities([[("snow", 1)]], {40: [("tail", 1)]}, used=30) == [41]
    assert identities([[("snow", 1)], [("ice", 1)]], {}) == [1, 2]
    assert identities([], {3: [("tail", 1)]}) == []


def test_a_text_that_stands_twice_in_a_group_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        identities([[("a", 1), ("a", 2)]], {})
    with pytest.raises(ValueError, match="twice"):
        identities([], {1: [("a", 1), ("a", 1)]})


def partitions() -> st.SearchStrategy[Groups]:
    """Some of eight texts, each with a count, in at most four groups."""
    placed = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 3), st.integers(1, 9)))
    return placed.map(
        lambda texts: [
            members
            for group in range(4)
            if (members := [(text, count) for text, (own, count) in texts.items() if own == group])
        ]
    )


def kept_weight(numbers: list[int], groups: Groups, known: dict[int, list[Member]]) -> int:
    return sum(
        min(count, dict(known[number]).get(text, 0))
        for number, group in zip(numbers, groups, strict=True)
        if number in known
        for text, count in group
    )


@pytest.mark.parametrize("few", [0, 4_000_000])
@given(groups=partitions(), before=partitions())
def test_no_pairing_keeps_more_weight(few: int, groups: Groups, before: Groups) -> None:
    known = dict(enumerate(before, start=1))
    with patch.object(identity, "_FEW", few):
        numbers = identities(groups, known)
    assert len(set(numbers)) == len(groups)
    choices = [*known, *range(-len(groups), 0)]
    best = max(kept_weight(list(order), groups, known) for order in permutations(choices, len(groups)))
    assert kept_weight(numbers, groups, known) == best


@given(partitions(), partitions(), st.randoms(use_true_random=False))
def test_kept_numbers_do_not_depend_on_any_order(groups: Groups, before: Groups, random: Random) -> None:
    known = dict(enumerate(before, start=1))
    kept = {
        min(group)[0]: number
        for group, number in zip(groups, identities(groups, known), strict=True)
        if number in known
    }
    shuffled = [list(group) for group in groups]
    random.shuffle(shuffled)
    for group in shuffled:
        random.shuffle(group)
    backwards = dict(reversed(known.items()))
    again = {
        min(group)[0]: number
        for group, number in zip(shuffled, identities(shuffled, backwards), strict=True)
        if number in known
    }
    assert kept == again


@given(partitions())
def test_nothing_changes_nothing(groups: Groups) -> None:
    known = dict(enumerate(groups, start=11))
    assert identities(groups, known) == list(known)
