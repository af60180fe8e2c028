"""Lemmas and inflections in two languages."""

import pytest

from analysis.labels.inflection import lemma, same_word


@pytest.mark.parametrize(
    ("word", "expected"),
    [("hooves", "hoof"), ("striped", "stripe"), ("stripes", "stripe"), ("occhi", "occhio"), ("qzx", "qzx")],
)
def test_lemma(word: str, expected: str) -> None:
    assert lemma(word) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("macaws", "macaw"),
        ("zebra's", "zebra"),
        ("wolves", "wolf"),
        ("geese", "goose"),
        ("quaggas", "quagga"),
        ("chateaux", "château"),
        ("zebre", "zebra"),
        ("strisce", "striscia"),
        ("x" * 50, "x" * 50),
    ],
)
def test_inflections_are_the_same_word_both_ways(one: str, other: str) -> None:
    assert same_word(one, other)
    assert same_word(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("bear", "beard"), ("cat", "car"), ("ox", "fox"), ("a", "as"), ("bare", "bear")]
)
def test_other_words_are_not(one: str, other: str) -> None:
    assert not same_word(one, other)
