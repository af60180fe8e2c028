"""Distances between labels, by hand."""

from math import log

import numpy as np
import pytest

from analysis.labels.lemma_key import lemma_key
from analysis.labels.similarity import label_distances, lemma_overlap


def test_overlap_by_hand() -> None:
    leg, striped, tail = frozenset({"four", "leg"}), frozenset({"stripe", "leg"}), frozenset({"tail"})
    overlap = lemma_overlap([leg, striped, tail, leg])
    # Three distinct keys; "leg" is in two of them, the others in one each.
    common, rare = log(1 + 3 / 2), log(1 + 3 / 1)
    expected = common / (common + 2 * rare)
    by_hand = [[1, expected, 0, 1], [expected, 1, 0, expected], [0, 0, 1, 0], [1, expected, 0, 1]]
    np.testing.assert_allclose(overlap, np.array(by_hand, dtype=np.float64))


def test_distances_by_hand() -> None:
    keys = [frozenset({"a"}), frozenset({"b"}), frozenset({"a"})]
    distances = label_distances(np.array([[1.0, 0], [1, 0], [0, 1]]), keys, 0.4)
    np.testing.assert_allclose(distances, np.array([[0, 0.4, 0], [0.4, 0, 1], [0, 1, 0]]))
    np.testing.assert_allclose(label_distances(np.eye(2), None, 0.4), 1 - np.eye(2))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("four legs", "4 legs"),
        ("has stripes", "striped"),
        ("no tail", "without a tail"),
        ("black-and-white", "white and black"),
        ("quattro zampe", "una zampa quattro"),
        ("senza coda", "non ha coda"),
    ],
)
def test_keys_that_are_equal(one: str, other: str) -> None:
    assert lemma_key(one) == lemma_key(other)


@pytest.mark.parametrize(("one", "other"), [("no tail", "tail"), ("four legs", "legs"), ("not", "tail")])
def test_keys_that_are_not(one: str, other: str) -> None:
    assert lemma_key(one) != lemma_key(other)


@pytest.mark.parametrize("text", ["", "the", "of it", "x" * 10_000, "פסים", "🦓"])
def test_a_key_is_never_empty(text: str) -> None:
    assert lemma_key(text)
