"""Whether a word is one, in any language that there is."""

from functools import lru_cache

from analysis.labels.language import dictionary
from analysis.labels.languages import codes
from analysis.labels.stop_words import STOP_WORDS

_SHORTEST_SINGULAR = 3
_HISSING = ("s", "x", "z", "ch", "sh")
_VOWELS = "aeiou"


@lru_cache(maxsize=1 << 16)
def is_word(word: str) -> bool:
    """Whether the dictionary of any language has the word, or one of which it is the English plural.

    >>> is_word("striped"), is_word("strisce"), is_word("firmnesses"), is_word("buggys")
    (True, True, True, False)
    """
    singulars = (word[:-1], word[:-2], word[:-3] + "y")
    return _has(word) or any(_has_singular(one) and _plural(one) == word for one in singulars)


def plural_meant(word: str) -> str | None:
    """The English plural that was meant where an s was put behind a word that takes another ending.

    >>> plural_meant("buggys"), plural_meant("stripes")
    ('buggies', None)
    """
    singular = word[:-1]
    if not word.endswith("s") or not _has_singular(singular):
        return None
    plural = _plural(singular)
    return plural if plural != word and _has(plural) else None


def _has(word: str) -> bool:
    return word in STOP_WORDS or any(word in dictionary(code) for code in codes())


def _has_singular(word: str) -> bool:
    return len(word) >= _SHORTEST_SINGULAR and _has(word)


def _plural(singular: str) -> str:
    if singular.endswith("y") and singular[-2] not in _VOWELS:
        return singular[:-1] + "ies"
    return singular + ("es" if singular.endswith(_HISSING) else "s")
