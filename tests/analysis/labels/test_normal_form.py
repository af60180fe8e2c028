"""Normal forms: what is dropped, what stays, and that nothing breaks them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.labels.normal_form import normalise


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Stripes", "stripes"),
        ("  black \t and\nWHITE  ", "black and white"),
        ("“stripes”!!!", "stripes"),
        ("\uff53tripes", "stripes"),
        ("str\u200bip\u00ades\x07", "stripes"),
        ("black-and-white", "black-and-white"),
        ("-round- 'thing'", "round thing"),
        ("bird\u2019s nest", "bird's nest"),
        ("black/white, grey", "black white grey"),
        ("It has a long tail", "long tail"),
        ("the ear", "ear"),
        ("There is an eye", "eye"),
        ("has no tail", "no tail"),
        ("not a wheel", "not a wheel"),
        ("without legs", "without legs"),
        ("it is not round", "not round"),
        ("l'orecchio", "orecchio"),
        ("Ha un'ala", "ala"),
        ("non è rotondo", "non è rotondo"),
        ("अंधेरी धारियाँ", "अंधेरी धारियाँ"),
        ("פסים שחורים", "פסים שחורים"),
        ("🦓", ""),
        ("the", ""),
        ("...", ""),
        ("", ""),
    ],
)
def test_it_gives_one_form(text: str, form: str) -> None:
    assert normalise(text) == form


@pytest.mark.parametrize(
    ("text", "name", "form"),
    [
        ("zebra's stripes", "zebra", "stripes"),
        ("zebras' stripes", "Zebra", "stripes"),
        ("stripes of the zebras", "zebra", "stripes"),
        ("zebra-striped", "zebra", "striped"),
        ("big zebra-striped legs", "zebra", "big striped legs"),
        ("zebra", "zebra", ""),
        ("polar bear's claws", "Polar bear", "claws"),
        ("polarbears claws", "Polar bear", "claws"),
        ("polar polar bear bear fur", "Polar bear", "fur"),
        ("bear claws", "Polar bear", "bear claws"),
        ("oxen horns", "ox", "horns"),
        ("wolves' teeth", "wolf", "teeth"),
        ("strisce della zebra", "zebra", "strisce"),
        ("zebre a strisce", "zebra", "strisce"),
        ("pelo dell'orso polare", "orso polare", "pelo"),
        ("roof of a chateau", "château", "roof"),
        ("bearded chin", "bear", "bearded chin"),
    ],
)
def test_it_takes_the_class_name_out(text: str, name: str, form: str) -> None:
    assert normalise(text, [name]) == form


@given(text=st.text(), names=st.lists(st.text(max_size=8), max_size=2))
def test_any_string_has_a_form_and_the_form_is_its_own(text: str, names: list[str]) -> None:
    form = normalise(text, names)
    assert normalise(form, names) == form
    assert form == " ".join(form.split())


@given(words=st.lists(st.sampled_from(["polar", "bear", "bears", "the", "of", "fur", "bear's"]), max_size=12))
def test_names_inside_names_leave_nothing_behind(words: list[str]) -> None:
    form = normalise(" ".join(words), ["polar bear"])
    assert "polar bear" not in form
    assert normalise(form, ["polar bear"]) == form


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "polar bear " * 1_000,
        "polar " * 900 + "bear " * 900,
        "a " * 5_000,
        "-' " * 3_000,
        "\ud800\udfff" * 99,
    ],
    ids=["one word", "names", "nested names", "openers", "joiners", "surrogates"],
)
def test_hostile_texts_take_no_time(text: str) -> None:
    normalise("warm up the word lists", ["polar bear"])
    start = time.perf_counter()
    normalise(text, ["polar bear"])
    assert time.perf_counter() - start < 2
