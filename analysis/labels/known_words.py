"""Whether a word is one, in any language that there is."""

from functools import lru_cache

from analysis.labels.language import dictionary
from analysis.labels.languages import codes
from analysis.labels.stop_words import STOP_WORDS

_SHORTEST_SINGULAR = 3
_HISSING = ("s", "x", "z", "ch", "sh")
_VOWELS = ("a", "e", "i", "o", "u", "")


@lru_cache(maxsize=1 << 16)
def is_word(word: str) -> bool:
    """Whether the dictionary of any language has the word, or one of which it is the English plural.

    >>> is_word("striped"), is_word("strisce"), is_word("firmnesses"), is_word("buggys")
    (True, True, True, False)
    """
    singulars = (word[:-1], word[:-2], word[:-3] + "y")
    return has_word(word) or any(is_singular(one) and plural(one) == word for one in singulars)


def has_word(word: str) -> bool:
    """Whether the dictionary of any language has the word as it is."""
    return word in STOP_WORDS or any(word in dictionary(code) for code in codes())


def plural(singular: str) -> str:
    """The regular English plural.

    >>> plural("daisy"), plural("box"), plural("toy")
    ('daisies', 'boxes', 'toys')
    """
    if singular.endswith("y") and singular[-2:-1] not in _VOWELS:
        return singular[:-1] + "ies"
    return singular + ("es" if singular.endswith(_HISSING) else "s")


def is_singular(word: str) -> bool:
    """Whether a dictionary has the word, and it is long enough to be sure."""
    return len(word) >= _SHORTEST_SINGULAR and has_word(word)
