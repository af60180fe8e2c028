"""Forms of one word, in the languages that there are.

simplemma rather than WordNet: its word lists come with the package (WordNet's are downloaded apart), it knows
Italian too, and it loads in a seventh of a second, on the first word.
"""

import unicodedata
from functools import lru_cache

from analysis.labels.languages import codes, languages

_LONGEST_WORD = 40
_SHORTEST_STEM = 2
_IRREGULAR = frozenset().union(*(language.irregular for language in languages()))
_COMBINING_ACCENTS = range(0x0300, 0x0370)
_PLURALS = tuple(ending for language in languages() for ending in language.plurals)


def lemma(word: str) -> str:
    """Dictionary form of a word, case folded: in the first of the languages that has the word, else the word
    itself.

    >>> lemma("hooves"), lemma("striped"), lemma("occhi")
    ('hoof', 'stripe', 'occhio')
    """
    return _lookup(word, codes()) if 0 < len(word) <= _LONGEST_WORD else word


@lru_cache(maxsize=1 << 15)
def same_word(one: str, other: str) -> bool:
    """Whether two words are one word or its inflections: plural, possessive, lemma, with or without accents.

    >>> same_word("zebra's", "zebra"), same_word("zebre", "zebra"), same_word("bear", "beard")
    (True, True, False)
    """
    one, other = _bare(one), _bare(other)
    if one == other:
        return True
    if max(len(one), len(other)) > _LONGEST_WORD:
        return False
    return (
        _is_plural(one, of=other)
        or _is_plural(other, of=one)
        or (_may_inflect(one, other) and any(_same_lemma(one, other, language) for language in codes()))
    )


def first_letter(word: str) -> str:
    """Without its accent: the same for all inflections of a word, those that change their vowel included.

    >>> first_letter("zebra's"), first_letter("été")
    ('z', 'e')
    """
    return _bare(word)[:1]


def _may_inflect(one: str, other: str) -> bool:
    """A dictionary knows rare verb forms ("bare" of "to bear"); nouns keep how they begin, or are few."""
    return one[:2] == other[:2] or not _IRREGULAR.isdisjoint((one, other))


def _same_lemma(one: str, other: str, language: str) -> bool:
    return _lookup(one, (language,)) == _lookup(other, (language,))


@lru_cache(maxsize=1 << 15)
def _lookup(word: str, languages: tuple[str, ...]) -> str:
    from simplemma import lemmatize

    return lemmatize(word, lang=languages).casefold()


def _bare(word: str) -> str:
    """Without possessive and accents."""
    decomposed = unicodedata.normalize("NFD", word.removesuffix("'s").rstrip("'"))
    kept = "".join(c for c in decomposed if ord(c) not in _COMBINING_ACCENTS)
    return unicodedata.normalize("NFC", kept)


def _is_plural(word: str, *, of: str) -> bool:
    return any(
        of.endswith(singular)
        and len(of) - len(singular) >= _SHORTEST_STEM
        and word == of[: len(of) - len(singular)] + plural
        for singular, plural in _PLURALS
    )
