"""The language of a text, by its words and, where they do not tell, by the player's."""

import pytest

from analysis.labels.language import language_of
from analysis.labels.languages import codes, languages


@pytest.mark.parametrize(
    ("text", "hint", "language"),
    [
        ("black and white stripes", "it", "en"),
        ("strisce bianche e nere", "en", "it"),
        ("quattro zampe", "en", "it"),
        ("four legs", "it", "en"),
        ("l'orecchio", "en", "it"),
        ("qzx", "it", "it"),
        ("qzx", "en", "en"),
        ("", "it", "it"),
        ("", "", "en"),
        ("qzx", "fr", "en"),
        ("פסים שחורים", "it", "it"),
        ("radio", "it", "it"),  # a word of both
        ("radio", "en", "en"),
    ],
)
def test_language(text: str, hint: str, language: str) -> None:
    assert language_of(text, hint) == language


def test_each_language_is_a_file_and_english_comes_first() -> None:
    assert codes() == ("en", "it")
    assert [language.name for language in languages()] == ["English", "Italiano"]


def test_no_opening_is_a_negation() -> None:
    openings = {one for language in languages() for one in language.openings}
    assert not openings & {"no", "not", "without", "non", "senza", "nessuno"}
