"""Entry checks: what is refused, with which code, and what stays free."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.labels.entry import EntryError, EntryFault, check_entry
from analysis.labels.normal_form import normalise

OPTIONS = ("Zebra", "African crocodile", "great grey owl", "Polar bear", "wolf")


@pytest.mark.parametrize(
    "text",
    [
        *("stripes", "black and white stripes", "great teeth", "grey", "African landscape", "polar ice"),
        *("x" * 60, "one two three four five", "2 eyes", "é", "פסים", "no tail", "🦓 stripes", "sharp.teeth"),
        "bearded",
    ],
)
def test_descriptions_pass(text: str) -> None:
    check_entry(text, OPTIONS)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", EntryFault.EMPTY),
        (" \u200b\n", EntryFault.EMPTY),
        ("the", EntryFault.EMPTY),
        ("it has a", EntryFault.EMPTY),
        ("x" * 61, EntryFault.TOO_LONG),
        ("🦓" * 10_000, EntryFault.TOO_LONG),
        ("one two three four five six", EntryFault.TOO_MANY_WORDS),
        ("one,two,three,four,five,six", EntryFault.TOO_MANY_WORDS),
        ("🦓", EntryFault.NO_LETTER),
        ("12", EntryFault.NO_LETTER),
        ("?!", EntryFault.NO_LETTER),
        ("http://example.net", EntryFault.LINK),
        ("WWW.example", EntryFault.LINK),
        ("exam\u200bple.com", EntryFault.LINK),
        ("me@example.org", EntryFault.LINK),
    ],
)
def test_it_refuses_what_is_no_label(text: str, fault: EntryFault) -> None:
    with pytest.raises(EntryError) as caught:
        check_entry(text, OPTIONS)
    assert caught.value.code is fault


@pytest.mark.parametrize(
    "text",
    [
        *(
            "zebra",
            "ZEBRAS",
            "a zebra's leg",
            "zebras\u2019 legs",
            "zebra-like",
            "owl",
            "wolves",
            "the bears",
        ),
        *(
            "ze\u200bbra",
            "\uff5aebra",
            "zébra",
            "crocodiles",
            "african crocodile skin",
            "polarbear",
            "polar-bears",
        ),
    ],
)
def test_names_heads_and_their_inflections_are_taboo(text: str) -> None:
    with pytest.raises(EntryError) as caught:
        check_entry(text, OPTIONS)
    assert caught.value.code is EntryFault.TABOO


@pytest.mark.parametrize("text", ["white bear fur", "bare branches", "crocodile-green", "a stone arch"])
def test_words_that_only_share_a_head_or_look_alike_describe(text: str) -> None:
    check_entry(text, [*(name for name in OPTIONS if " " in name), "triumphal arch"])


def test_the_head_of_an_italian_name_is_its_first_word() -> None:
    check_entry("africano", ["coccodrillo africano"], language="it")
    with pytest.raises(EntryError):
        check_entry("coccodrilli", ["coccodrillo africano"], language="it")


def test_a_refusal_says_what_to_do_in_a_sentence() -> None:
    for text in ("", "x" * 61, "www.x", "12", "a b c d e f", "zebra", "the"):
        with pytest.raises(EntryError) as caught:
            check_entry(text, OPTIONS)
        assert caught.value.message.endswith(".")
        assert str(caught.value) == caught.value.message


@given(text=st.text(max_size=70), names=st.lists(st.text(max_size=9), max_size=3))
def test_an_accepted_text_has_a_normal_form_and_any_other_an_entry_error(text: str, names: list[str]) -> None:
    try:
        check_entry(text, names)
    except EntryError:
        return
    assert normalise(text, names)


def test_the_web_process_imports_no_array_or_network_library() -> None:
    script = (
        "import sys, analysis.labels.entry, analysis.labels.normal_form;"
        "heavy = {'torch', 'numpy', 'scipy', 'sklearn', 'sentence_transformers', 'simplemma', 'django'};"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []
