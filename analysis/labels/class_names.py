"""Finding the names of classes in what people typed, however inflected, hyphenated or run together."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from analysis.labels.inflection import first_letter, same_word
from analysis.labels.languages import languages
from analysis.labels.plain_text import plain_text

_ELIDED = "(?:" + "|".join(one for language in languages() for one in language.link_elisions) + ")'"
_PIECE = re.compile(rf"([ -]?)({_ELIDED}(?=\w)|[^ -]+)")
_LINKS = "|".join(one for language in languages() for one in language.links)
_DANGLING = re.compile(rf"(?:(?:^|[ -])(?:{_LINKS}|{_ELIDED}))+$")
_HEAD_FIRST = frozenset(language.code for language in languages() if language.head_first)

Piece = tuple[str, str]
"""What stands before a word (space, hyphen or nothing) and the word."""


def without_names(text: str, names: Iterable[str]) -> str:
    """Take every occurrence of the names out of plain text, with the "of the" that then hangs in the air.

    One pass: words go on a stack, and a name on top of it is taken off at once, so nothing of it can be left.

    >>> without_names("black polar-bear's claws of polar bears", ["Polar bear"])
    'black claws'
    """
    variants = sorted({v for name in names for v in _variants(name)}, key=len, reverse=True)
    stack: list[Piece] = []
    after_name = False
    for before, word in _PIECE.findall(text):
        stack.append((" " if after_name else before, word))
        length = next((len(v) for v in variants if _ends_with(stack, v)), 0)
        del stack[len(stack) - length :]
        after_name = length > 0
    rest = "".join(before + word for before, word in stack).strip(" -")
    return _DANGLING.sub("", rest) if after_name else rest


def may_hold(text: str, name: str) -> bool:
    """Whether plain text could hold a name or one of its words; False is certain, and quick to tell.

    >>> may_hold("black stripes", "zebra"), may_hold("a zest", "zebra")
    (False, True)
    """
    return not _beginnings(name).isdisjoint(_beginnings(text))


@lru_cache(maxsize=1 << 12)
def head(name: str, language: str = "en") -> str:
    """The word of a name that says what kind of thing it is: the last in English, the first in Italian.

    >>> head("African crocodile"), head("Coccodrillo africano", "it")
    ('crocodile', 'coccodrillo')
    """
    words = _words(name)
    if not words:
        return ""
    return words[0] if language in _HEAD_FIRST else words[-1]


def _words(name: str) -> list[str]:
    return [word for _, word in _PIECE.findall(plain_text(name))]


@lru_cache(maxsize=1 << 12)
def _beginnings(text: str) -> frozenset[str]:
    return frozenset(first_letter(word) for word in _words(text))


@lru_cache(maxsize=1 << 12)
def _variants(name: str) -> list[tuple[str, ...]]:
    words = tuple(_words(name))
    return [v for v in (words, ("".join(words),)) if any(v)]


def _ends_with(stack: Sequence[Piece], name: Sequence[str]) -> bool:
    tail = stack[-len(name) :]
    return len(tail) == len(name) and all(
        same_word(word, part) for (_, word), part in zip(tail, name, strict=True)
    )
