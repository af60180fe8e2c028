"""Who is not sure says the same as who is."""

import pytest

from analysis.labels.lemma_key import lemma_key
from analysis.labels.normal_form import normalise


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Maybe stripes?", "stripes"),
        ("perhaps it has a tail", "tail"),
        ("I think it's an ear", "ear"),
        ("sort of round", "round"),
        ("it looks like a kind of wheel", "wheel"),
        ("could be a beak", "beak"),
        ("probably no tail", "no tail"),
        ("seems not to be round", "not to be round"),
        ("forse strisce", "strisce"),
        ("mi sembra una coda", "coda"),
        ("sembrano le orecchie", "orecchie"),
        ("una specie di ruota", "ruota"),
        ("potrebbe essere un becco", "becco"),
        ("forse senza coda", "senza coda"),
        ("thinking man", "thinking man"),
        ("kind eyes", "kind eyes"),
        ("specie rara", "specie rara"),
    ],
)
def test_hedges_open_a_phrase_without_describing(text: str, form: str) -> None:
    assert normalise(text) == form
    assert normalise(form) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("stripes maybe", "stripe"),
        ("stripes possibly", "stripe"),
        ("la coda forse", "coda"),
        ("probabilmente nero", "nero"),
    ],
)
def test_hedges_elsewhere_are_no_lemmas(one: str, other: str) -> None:
    assert lemma_key(one) == lemma_key(other)
