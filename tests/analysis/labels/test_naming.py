"""Names of groups, by hand, and their merging."""

import numpy as np

from analysis.labels.name_merging import merge_by_lemma
from analysis.labels.naming import candidate_words, group_name, phrase_name
from analysis.labels.records import LabelGroup
from analysis.labels.stop_words import STOP_WORDS


def test_the_word_closest_to_all_phrases_with_their_counts_wins() -> None:
    vectors = {
        "striped leg": np.array([0.6, 0.8]),
        "leg": np.array([0.0, 1.0]),
        "striped": np.array([1.0, 0.0]),
    }
    # leg: 1 * 0.8 + 1 * 1 = 1.8; striped: 1 * 0.6 + 1 * 0 = 0.6
    assert group_name([("striped leg", 1), ("leg", 1)], vectors) == "leg"
    # leg: 5 * 0.8 + 1 * 0 = 4; striped: 5 * 0.6 + 1 * 1 = 4: a tie, and "leg" is first in the alphabet
    assert group_name([("striped leg", 5), ("striped", 1)], vectors) == "leg"
    # leg: 4 * 0.8 = 3.2; striped: 4 * 0.6 + 1 = 3.4
    assert group_name([("striped leg", 4), ("striped", 1)], vectors) == "striped"


def test_a_group_of_stop_words_is_named_by_its_most_frequent_phrase() -> None:
    assert group_name([("what is it", 1), ("not that", 2), ("all this", 2)], {}) == "all this"


def test_words_that_players_use_for_what_they_see_may_name() -> None:
    assert not STOP_WORDS & {
        "face",
        "side",
        "line",
        "round",
        "part",
        "top",
        "bottom",
        "front",
        "back",
        "full",
    }
    assert candidate_words(["the round face of it", "una linea"]) == ["face", "linea", "round"]


def test_names_of_one_lemma_merge_under_the_most_frequent_form() -> None:
    named = [
        ("stripe", [("one stripe", 3)]),
        ("stripes", [("many stripes", 2), ("stripes", 2)]),
        ("beak", [("beak", 9)]),
        ("striped", [("striped leg", 1)]),
    ]
    beak, stripes = merge_by_lemma(named)
    assert beak == LabelGroup("beak", (("beak", 9),))
    assert stripes == LabelGroup(
        "stripes", (("one stripe", 3), ("many stripes", 2), ("stripes", 2), ("striped leg", 1))
    )


def test_equally_frequent_forms_go_by_the_alphabet() -> None:
    assert merge_by_lemma([("wheels", [("wheels", 1)]), ("wheel", [("wheel", 1)])])[0].name == "wheel"


def test_a_phrase_says_what_half_of_the_people_said() -> None:
    assert phrase_name([("legs", 3), ("four legs", 2), ("4 legs", 1)]) == "four legs", "half counted them"
    assert phrase_name([("legs", 4), ("four legs", 2), ("4 legs", 1)]) == "legs", "three of seven did"
    assert phrase_name([("no tail", 2), ("without a tail", 3)]) == "without a tail"


def test_where_no_phrase_says_it_all_the_one_with_most_of_it_wins() -> None:
    members = [("black stripe", 1), ("white stripe", 1), ("black fur", 1), ("white", 1)]
    # Half of four: black, white, stripe. Two phrases have two of them.
    assert phrase_name(members) == "black stripe"


def test_ties_go_to_the_most_typed_then_the_shortest_then_the_alphabet() -> None:
    assert phrase_name([("stripe", 1), ("stripes", 2)]) == "stripes"
    assert phrase_name([("a stripe", 1), ("stripes", 1)]) == "stripes"
    assert phrase_name([("bb", 1), ("aa", 1)]) == "aa"
    assert phrase_name([("the", 10**9)]) == "the"
