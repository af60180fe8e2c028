"""Words that exist, in English or Italian, and how an unknown one may be meant."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.labels.languages import codes
from analysis.labels.plain_text import plain_text

if TYPE_CHECKING:
    from spellchecker import SpellChecker

_SHORTEST_WORD = 3
_SHORTEST_NEAR_ANY = 5  # of random strings of four letters, every other one is an edit away from some word
_LONGEST_WORD = 24


def words_of(names: Iterable[str]) -> frozenset[str]:
    """Every word of some names, such as a study's classes, in plain text."""
    return frozenset(word for name in names for word in plain_text(name).replace("-", " ").split())


def is_word(word: str, known: Collection[str]) -> bool:
    """Whether a word of plain text is in a dictionary, in `known`, or one edit away from a dictionary's word.

    Numbers are words, and so is what is only hyphenated of words.

    >>> [is_word(word, ["okapi"]) for word in ("hooves", "okapi", "strpes", "black-tipped", "kjhdsf")]
    [True, True, True, True, False]
    """
    parts = [part for part in word.replace("'", "-").split("-") if part]
    return all(part in known or _is_spelt(part) or _is_misspelt(part) for part in parts)


def is_spelt(word: str) -> bool:
    """Whether a dictionary has exactly this word."""
    return _is_spelt(word)


def meant(word: str, said: Mapping[str, int]) -> str:
    """The commonest of the words in `said` that is one edit away from a word that no dictionary has, or the
    word itself.

    >>> meant("strpes", {"stripes": 4, "strips": 1}), meant("stripe", {"stripes": 4})
    ('stripes', 'stripe')
    """
    if not _SHORTEST_WORD <= len(word) <= _LONGEST_WORD or not word.isalpha() or _is_spelt(word):
        return word
    near = [one for one in _edits(word) if one in said]
    return max(near, key=lambda one: (said[one], one), default=word)


@lru_cache(maxsize=1 << 17)
def _is_spelt(word: str) -> bool:
    from simplemma import is_known

    if not word.isalpha():
        return any(character.isdigit() for character in word)
    if any(word in _dictionary(language) for language in codes()):
        return True
    return len(word) >= _SHORTEST_WORD and is_known(word, lang=codes())


@lru_cache(maxsize=1 << 17)
def _is_misspelt(word: str) -> bool:
    if not _SHORTEST_NEAR_ANY <= len(word) <= _LONGEST_WORD:
        return False
    return any(_dictionary(language).known(_edits(word)) for language in codes())


@lru_cache(maxsize=1 << 10)
def _edits(word: str) -> frozenset[str]:
    return frozenset(_dictionary("en").edit_distance_1(word))


@lru_cache(maxsize=len(codes()))
def _dictionary(language: str) -> "SpellChecker":
    from spellchecker import SpellChecker

    return SpellChecker(language=language, distance=1)
