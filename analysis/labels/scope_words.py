"""Which words the people of one scope use, and next to which."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from itertools import pairwise

from analysis.labels.inflection import lemma
from analysis.labels.known_words import is_word
from analysis.labels.languages import languages

_ELIDED = "|".join(one for language in languages() for one in language.link_elisions)
PIECE = re.compile(rf"(?<![^ -])(?:(?:{_ELIDED})'(?=[^ -]))?(?P<word>[^ -]+?)(?:'s)?(?![^ -])")
"""One word of plain text, without a possessive and what is elided before it."""
_BEGINNING = 3  # looking up lemmas of words that nobody can have used takes most of the time else


class ScopeWords:
    """Words of the plain texts of one scope, and how many people used each.

    Attributes:
        words: all that people used, and those of the names.
        people: by word. Who typed a text counts once for each word in it, and again for another text.
        beside: for each word the words that stand next to it: -1 and the one before, 1 and the one after.
    """

    def __init__(self, counts: Mapping[str, int], names: Collection[str] = ()) -> None:
        self.people: Counter[str] = Counter()
        self.beside: defaultdict[str, set[tuple[int, str]]] = defaultdict(set)
        self._after: Counter[tuple[str, str]] = Counter()
        for text, count in counts.items():
            words = pieces(text)
            self.people.update(dict.fromkeys(words, count))
            following = {*pairwise(words)}
            self._after.update(dict.fromkeys(following, count))
            for one, next_one in following:
                self.beside[one].add((1, next_one))
                self.beside[next_one].add((-1, one))
        self._names = {_dictionary_form(name) for name in names}
        self._lemmas: Counter[str] = Counter()
        for word, count in self.people.items():
            self._lemmas[_dictionary_form(word)] += count
        self._beginnings = {word[:_BEGINNING] for word in (*self.people, *names)}
        self.words = frozenset({*self.people, *names})

    def may_use(self, word: str) -> bool:
        """Whether people used a word that begins with the same three letters, or a name does."""
        return word[:_BEGINNING] in self._beginnings

    def support(self, word: str) -> int:
        """How many people used the word or an inflection of it that begins with the same three letters."""
        return self._lemmas[_dictionary_form(word)] if self.may_use(word) else 0

    def is_name(self, word: str) -> bool:
        """Whether it is a word of the names or an inflection of one."""
        return bool(self._names) and self.may_use(word) and _dictionary_form(word) in self._names

    def in_place(self, word: str, instead_of: str) -> int:
        """How many people put the word next to what others put next to the other one."""
        return sum(
            self._after[(word, other) if side > 0 else (other, word)]
            for side, other in self.beside.get(instead_of, ())
        )

    def together(self, one: str, other: str) -> int:
        """How many people put one word before the other."""
        return self._after[one, other]


def pieces(text: str) -> list[str]:
    """The words of plain text.

    >>> pieces("l'occhio black-and-white zebra's")
    ['occhio', 'black', 'and', 'white', 'zebra']
    """
    return [found["word"] for found in PIECE.finditer(text)]


def _dictionary_form(word: str) -> str:
    """Of a word that no dictionary has the word itself, and quicker so."""
    return lemma(word) if is_word(word) else word
