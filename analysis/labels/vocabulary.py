"""The words of a language that somebody may have meant, with how common each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log10

from analysis.labels.language import dictionary
from analysis.labels.near_words import NearWords

RAREST = 1.5
_COMMON_CONTRACTION = 10_000


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that a dictionary has and people use: 78,000 in English, 51,000 in Italian.

    Attributes:
        words, listed: sorted, and as a set.
        near: their index.
        contractions: by their letters without the apostrophe, such as "dont", where that is no word itself.
    """

    words: tuple[str, ...]
    listed: frozenset[str]
    near: NearWords
    contractions: Mapping[str, str]


@lru_cache(maxsize=4)
def vocabulary(language: str) -> Vocabulary:
    """Loaded in about two seconds, when a language is first asked for."""
    counts = dictionary(language).word_frequency.dictionary
    shortened = {
        word.replace("'", ""): word
        for word in sorted(counts)
        if "'" in word[1:-1] and not word.endswith("'s") and counts[word] >= _COMMON_CONTRACTION
    }
    kept = {word for word in counts if "'" not in word and commonness(word, language) >= RAREST}
    words = tuple(sorted(kept.union(shortened.values())))
    contractions = {bare: word for bare, word in shortened.items() if bare not in counts}
    return Vocabulary(words, frozenset(words), NearWords(words), contractions)


def commonness(word: str, language: str) -> float:
    """Decimal logarithm of how often the word comes in a billion: 7.7 for "the", 3 for "phlegm", 0 for a word
    that comes less than once, and for what is no word.

    Source: wordfreq (Speer 2022), from books, news, encyclopedias and what people write to each other. It
    lists common errors too, rarely above 2.3, and many names, rarely below.
    """
    return max(0.0, 9 + log10(_frequencies(language).get(word, 1e-9)))


@lru_cache(maxsize=4)
def _frequencies(language: str) -> Mapping[str, float]:
    from wordfreq import get_frequency_dict

    return get_frequency_dict(language, wordlist="best")
