"""Misspelt words are read as what they were meant to be; what is right stays."""

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis.labels.correction import Correction, corrected, corrections
from analysis.labels.plain_text import plain_text
from analysis.labels.reading import Typed, read
from analysis.labels.scopes import group_scope
from analysis.labels.settings import PRESETS
from analysis.labels.sheet import Line
from analysis.labels.way import way_of
from tests.analysis.labels.misspelt import misspelt, typed_by_scope

ZEBRA = {"whiskers": 5, "a whisker": 2, "black and white": 6, "long tail": 3, "no mane": 1, "hooves": 4}


def after(text: str, language: str = "en", others: dict[str, int] | None = None) -> str:
    counts = {**(others or {}), text: 1}
    return corrected(text, corrections(counts, language).get(text, ()))


def test_it_says_how_many_people_used_the_word_or_an_inflection() -> None:
    found = corrections({"long wiskers": 1, "whiskers": 5, "a whisker": 2, "tail": 9}, "en")
    assert found == {"long wiskers": (Correction("wiskers", "whiskers", 7),)}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wiskers", "whiskers"),
        ("long taill", "long tail"),
        ("blackand white", "black and white"),
        ("thrid leg", "third leg"),  # two letters swapped
        ("tresure", "treasure"),  # a vowel left out
        ("wiskrs", "whiskers"),  # two letters left out
        ("elefant", "elephant"),  # by its sound
        ("dont have a tail", "don't have a tail"),
        ("daisys", "daisies"),
        ("eated", "eaten"),
        ("swiming-pool", "swimming-pool"),
        ("zebbra's wiskers", "zebra's whiskers"),
    ],
)
def test_it_corrects(typed: str, meant: str) -> None:
    assert after(typed, others=ZEBRA) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("orechio grande", "orecchio grande"),
        ("occi rotondi", "occhi rotondi"),
        ("zape nere", "zampe nere"),
        ("pelicia morbida", "pelliccia morbida"),
        ("beco giallo", "becco giallo"),
        ("coda lungha", "coda lunga"),
        ("ruotta", "ruota"),
        ("finesta", "finestra"),
        ("un albeor verde", "un albero verde"),
        ("artigl affilati", "artigli affilati"),
        ("squamme verdi", "squame verdi"),
        ("cuadrato", "quadrato"),
        ("l'orechio", "l'orecchio"),
        ("striscie nere", "striscie nere"),  # so common that it needs somebody who says otherwise
    ],
)
def test_it_corrects_italian(typed: str, meant: str) -> None:
    assert after(typed, "it") == meant


def test_others_decide() -> None:
    assert after("striscie nere", "it", {"strisce bianche": 3}) == "strisce nere"
    assert after("strpis", others={"strips of cloth": 20}) == "strips"
    assert after("strpis", others={"stripes": 20}) == "stripes"


@pytest.mark.parametrize(
    "word", ["stripes", "strisce", "colourless", "zelda", "nikon", "tv's", "walmart", "firmnesses"]
)
def test_words_and_names_stay(word: str) -> None:
    assert after(word, others=ZEBRA) == word


def test_what_enough_others_typed_stays() -> None:
    assert corrections({"wiskers": 3, "whiskers": 10}, "en") == {}
    assert corrections({"wiskers": 3, "whiskers": 60}, "en") != {}, "unless far more know better"
    assert after("blorfel", others={"blorfle": 3}) == "blorfle", "and others may have meant it"
    assert after("blorfel", others={"blorfle": 1}) == "blorfel"


def test_names_of_the_class_stay_and_may_be_meant() -> None:
    assert corrections({"stupas": 1}, "en", ["Stupa"]) == {}
    assert corrections({"black zebbra": 1}, "en", ["Zebra"]) == {
        "black zebbra": (Correction("zebbra", "zebra", 0),)
    }


def test_neither_order_nor_other_languages_change_anything() -> None:
    rows = [*ZEBRA.items(), ("wiskers", 1), ("blackand white", 1), ("long taill", 2), ("hoovs", 1)]
    expected = corrections(dict(rows), "en")
    assert len(expected) == 4
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert corrections(dict(rows), "en") == expected
    assert corrections(dict(rows), "xx") == {}


HOSTILE = [
    "",
    " ",
    "x" * 10_000,
    "ab" * 5_000,
    "🦓 🦓",
    "פסים שחורים",
    "\x00",
    "a\x00b",
    "'",
    "--",
    "l'",
    "'s",
    "ⅷ",
]


def test_hostile_texts_stay_as_they_are() -> None:
    found = corrections(dict.fromkeys(HOSTILE, 1) | {"wiskers": 1}, "en")
    assert found.keys() == {"wiskers"}
    assert corrections({}, "en") == corrections({}, "it") == {}


def test_ten_thousand_texts() -> None:
    letters = random.Random(0)
    counts = {"".join(letters.choices("abcdefghijklmnopqrstuvwxyz ", k=12)): 1 for _ in range(10_000)}
    counts |= {"stripes": 50, "strpies": 1}
    assert corrections(counts, "en")["strpies"] == (Correction("strpies", "stripes", 50),)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.text(max_size=30).map(plain_text), st.integers(1, 5), max_size=6))
def test_only_words_that_are_named_change(counts: dict[str, int]) -> None:
    for text, found in corrections(counts, "en").items():
        assert found
        assert all(one.word in text and one.meant != one.word for one in found)
        assert corrected(text, found) != text


def test_a_reading_keeps_what_was_changed() -> None:
    typed = [
        Typed("It has wiskers!", 1),
        Typed("whiskers", 4),
        Typed("striscie", 1, "it"),
        Typed("strisce", 2, "it"),
    ]
    readings = read(typed)
    assert readings["It has wiskers!"].spelling == (Correction("wiskers", "whiskers", 4),)
    assert readings["It has wiskers!"].plain == "it has wiskers"
    assert readings["It has wiskers!"].phrase == "whiskers"
    assert readings["striscie"].phrase == "strisce"
    assert readings["whiskers"].spelling == ()
    assert read(typed, spelling=False)["It has wiskers!"].phrase == "wiskers"


def test_errors_that_people_made() -> None:
    """Of 160 at least 84 % right, of 126 words that are right at most a tenth changed."""
    typed, rights, changed = typed_by_scope(), 0, 0
    for one in misspelt():
        counts = Counter(typed.get(one.scope, {}))
        counts[one.phrase] += 1
        found = {each.word: each.meant for each in corrections(counts, "en", [one.scope]).get(one.phrase, ())}
        is_right = found.get(one.word, one.word) in one.right
        rights += one.is_error and is_right
        changed += not one.is_error and not is_right
    assert rights >= 0.84 * 160
    assert changed <= 0.10 * 126


def test_the_way_of_a_text_says_what_was_changed_and_who_supports_it() -> None:
    lines = [Line("zebra", "long wiskers"), Line("zebra", "whiskers", 4), Line("zebra", "a sadle")]

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.eye(len(texts), dtype=np.float32)

    scope = group_scope("zebra", lines, embed, PRESETS["glimpse"])
    assert "  spelling     'wiskers' is 'whiskers', which 4 used\n" in way_of("long wiskers", scope)
    assert "'sadle' is 'saddle', which a dictionary has and nobody used" in way_of("a sadle", scope)
    assert "spelling" not in way_of("whiskers", scope)
    assert "spelling" not in way_of("long wiskers", group_scope("zebra", lines, embed, PRESETS["paper"]))
