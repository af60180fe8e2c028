"""How a misspelt word may be meant. A suggestion only: what is typed is never changed.

Light enough for the web process; a dictionary loads in about 0.1 s, when its language is first asked for.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from analysis.labels.inflection import same_word
from analysis.labels.stop_words import STOP_WORDS

if TYPE_CHECKING:
    from spellchecker import SpellChecker

LANGUAGES = ("en", "it")
_SHORTEST = 4
_LONGEST = 24


def suggestion(text: str, language: str, known: Collection[str] = ()) -> str | None:
    """The text with each unknown word replaced by the likeliest known one; None where no word is unknown or
    none is near.

    Near is one edit away (Damerau-Levenshtein distance 1). Of several, the likeliest is the word that people
    most often describe things with (`data/described.csv`), then the most frequent in the language. A word
    that the dictionary of any language knows, an inflection of one in `known`, and a word of fewer than four
    letters are left alone.

    Args:
        text: plain text, see `plain_text`.
        language: an ISO 639-1 code; others than English and Italian give None.
        known: further words that are right, such as names.

    >>> suggestion("rouund whel", "en")
    'round wheel'
    """
    if language not in LANGUAGES:
        return None
    words = text.split()
    meant = [_meant(word, language, known) for word in words]
    return None if meant == words else " ".join(meant)


def _meant(word: str, language: str, known: Collection[str]) -> str:
    if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha() or _is_known(word, known):
        return word
    near = (_dictionary(language).candidates(word) or set()) - STOP_WORDS
    frequency, described = _dictionary(language), _described() if language == "en" else {}
    return max(near, key=lambda one: (described.get(one, 0), frequency[one], one), default=word)


def _is_known(word: str, known: Collection[str]) -> bool:
    return any(word in _dictionary(language) for language in LANGUAGES) or any(
        same_word(word, name.casefold()) for name in known
    )


@lru_cache(maxsize=len(LANGUAGES))
def _dictionary(language: str) -> SpellChecker:
    from spellchecker import SpellChecker

    return SpellChecker(language=language, distance=1)


@lru_cache(maxsize=1)
def _described() -> dict[str, int]:
    with files("analysis.labels").joinpath("data/described.csv").open(encoding="utf-8") as file:
        return {row["word"]: int(row["count"]) for row in csv.DictReader(file)}
