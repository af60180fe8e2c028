"""Swear words, apart from innocent words that lists of swear words hold.

The English list is that of better-profanity. It also holds "fat", "hump", "organ", "stroke" and "slope": what
people use for pictures, and animals, is listed in `data/innocent.txt`. The Italian list is our own.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from analysis.crowd.crowd import Crowd
from analysis.crowd.marked import marked_signals
from analysis.crowd.records import Flags, Signal, Work
from analysis.labels.inflection import lemma
from analysis.labels.plain_text import plain_text

if TYPE_CHECKING:
    from better_profanity import Profanity

_SHORTEST = 3
LIMIT = 0.3
_PUNCTUATION = ".,;:!?\"'()“”"


def is_profane(text: str, exempt: Collection[str] = ()) -> bool:
    """Whether a text as typed has a swear word in it, English or Italian.

    A word is innocent where it is listed so, or is an inflection of one in `exempt`: the words of a study's
    class names, for instance. Spaces and signs between letters hide nothing.

    >>> [is_profane(text) for text in ("shitty", "sh*t", "s h i t", "che merda", "great tits", "a fat hump")]
    [True, True, True, True, False, False]
    >>> is_profane("dick"), is_profane("dicks", exempt=["dick"])
    (True, False)
    """
    folded = _without_innocent_phrases(" ".join(text.casefold().split()))
    words = [word.strip(_PUNCTUATION) for word in folded.split()]
    suspects = [word for word in words if not _is_innocent(plain_text(word), exempt)]
    pairs = (f"{one} {other}" for one, other in pairwise(words))
    return (
        any(map(_is_swear_word, suspects))
        or _is_swear_word("".join(word for word in words if len(word) == 1))
        or not _listed_phrases().isdisjoint(pairs)
    )


def profane_labels(work: Work, known: Collection[str]) -> Flags:
    """(L,)"""
    return np.array([is_profane(text, known) for text in work.typed], dtype=np.bool_)[work.texts]


def profanity_signals(work: Work, crowd: Crowd, profane: Flags) -> dict[int, Signal]:
    """Found from three in ten of a player's labels. The labels are held by themselves; of the player's others
    it is no proof, so it does not suffice alone."""
    return marked_signals(work, crowd, profane, limit=LIMIT, weight=1, what="have a swear word")


def _is_innocent(word: str, exempt: Collection[str]) -> bool:
    return not word or word in exempt or word in _listed("innocent") or lemma(word) in exempt


@lru_cache(maxsize=1 << 16)
def _is_swear_word(word: str) -> bool:
    if len(word) < _SHORTEST:
        return False
    return plain_text(word) in _listed("italian") or _english().contains_profanity(word)


def _without_innocent_phrases(text: str) -> str:
    return _innocent_phrases().sub(" ", text)


@lru_cache(maxsize=1)
def _innocent_phrases() -> re.Pattern[str]:
    phrases = [word for word in _listed("innocent") if " " in word]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(phrases)))})\b")


@lru_cache(maxsize=1)
def _english() -> "Profanity":
    from better_profanity import Profanity

    return Profanity(sorted(word for word in _english_list() - _listed("innocent") if " " not in word))


@lru_cache(maxsize=1)
def _listed_phrases() -> frozenset[str]:
    return frozenset(word for word in _english_list() | _listed("italian") if " " in word)


@lru_cache(maxsize=1)
def _english_list() -> frozenset[str]:
    listed = files("better_profanity").joinpath("profanity_wordlist.txt").read_text(encoding="utf-8")
    return frozenset(listed.casefold().splitlines()) - {""}


@lru_cache(maxsize=2)
def _listed(name: str) -> frozenset[str]:
    text = files("analysis.crowd").joinpath(f"data/{name}.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
