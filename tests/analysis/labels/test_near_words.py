"""Which words are near, and what edits cost."""

import random

import numpy as np
import pytest
from nltk.metrics.distance import edit_distance

from analysis.labels.edit_cost import edit_costs
from analysis.labels.near_words import LONGEST, NearWords


def cost(typed: str, meant: str) -> float:
    return float(edit_costs([typed], [meant])[0])


def a_word(letters: random.Random) -> str:
    return "".join(letters.choices("abcd", k=letters.randint(1, 8)))


def test_it_finds_what_comparing_all_with_all_finds() -> None:
    letters = random.Random(0)
    words = sorted({a_word(letters) for _ in range(400)})
    others = sorted({a_word(letters) for _ in range(60)})
    left, right = NearWords(words).pairs(others)
    found = {(others[one], words[other]) for one, other in zip(left, right, strict=True)}
    assert len(found) == len(left)
    for other in others:
        for word in words:
            most = 1 if min(len(word), len(other)) < 5 else 2
            # NLTK lets letters stand between two that are swapped: it is nearer by such pairs, never farther
            distance = edit_distance(other, word, transpositions=True)
            if (other, word) in found:
                assert distance <= most
            elif distance <= most:
                assert edit_distance(other, word) > most, (other, word)


def test_words_too_long_are_near_to_nothing() -> None:
    index = NearWords(["a" * LONGEST, "a" * (LONGEST + 1)])
    left, right = index.pairs(["a" * LONGEST, "a" * (LONGEST + 1), "x", ""])
    assert (left.tolist(), right.tolist()) == ([0], [0])
    for empty in (NearWords([]).pairs(["a"]), index.pairs([])):
        assert [len(part) for part in empty] == [0, 0]


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("stripes", "stripes", 0),
        ("perche", "perché", 0),
        ("thrid", "third", 1.9),  # swapped
        ("coffe", "coffee", 1.1),  # a letter of a double one left out
        ("usefull", "useful", 2.0),  # one doubled
        ("tresure", "treasure", 2.0),  # a vowel left out
        ("elefant", "elephant", 2.2),  # sounds like two
        ("relegion", "religion", 3.8),  # another vowel
        ("birthsay", "birthday", 4.7),  # the next key
        ("hort", "short", 2.7 + 1.6),  # a consonant left out, the first
        ("forn", "form", 3.3 + 1.5),  # sounds alike, the last
        ("dont", "don't", 0.5),
        ("thrdi", "third", 2.0 + 4.1 + 1.5),  # a vowel left out and one too many, the last
        ("שלום", "שלוט", 4 * 5.6),  # another alphabet
    ],
)
def test_costs_by_hand(typed: str, meant: str, expected: float) -> None:
    assert cost(typed, meant) == pytest.approx(expected, abs=1e-5)


def test_pairs_do_not_change_each_other() -> None:
    letters = random.Random(1)
    typed, meant = ([a_word(letters) for _ in range(5000)] for _ in range(2))
    together = edit_costs(typed, meant)
    assert together.shape == (5000,)
    for place in (0, 1, 2047, 2048, 4999):
        assert together[place] == pytest.approx(cost(typed[place], meant[place]))
    assert (together[np.array(typed) == np.array(meant)] == 0).all()
    assert cost("ab", "abcdefgh") >= 1e6
    assert edit_costs([], []).shape == (0,)
