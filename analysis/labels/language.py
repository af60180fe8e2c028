"""Which language a text is in."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from analysis.labels.languages import Language, codes, languages

if TYPE_CHECKING:
    from spellchecker import SpellChecker


def language_of(text: str, hint: str = "") -> str:
    """The language that knows most of the words that not all languages know.

    Args:
        text: plain text, see `plain_text`.
        hint: an ISO 639-1 code, such as the player's own; it decides between languages that know equally many
            words, and where it is not one of them, or none is given, the first language does.

    Returns:
        One of `languages.codes()`; no other language is told apart.

    >>> language_of("strisce bianche e nere"), language_of("it has stripes", "it"), language_of("qzx", "it")
    ('it', 'en', 'it')
    """
    knows = [_known_in(word) for word in text.split()]
    telling = [known for known in knows if len(known) < len(codes())]
    votes = {code: sum(code in known for known in telling) for code in codes()}
    most = max(votes.values())
    likeliest = [code for code in codes() if votes[code] == most]
    return hint if hint in likeliest else likeliest[0]


@lru_cache(maxsize=1 << 16)
def _known_in(word: str) -> frozenset[str]:
    return frozenset(language.code for language in languages() if _knows(language, word))


def _knows(language: Language, word: str) -> bool:
    before, apostrophe, after = word.partition("'")
    if apostrophe and before in language.link_elisions:
        return _knows(language, after)
    return word in language.stop_words or word.removesuffix("'s") in dictionary(language.code)


@cache
def dictionary(code: str) -> SpellChecker:
    """The words of a language with their frequencies, loaded in about 0.1 s when first asked for."""
    from spellchecker import SpellChecker

    return SpellChecker(language=code, distance=1)
