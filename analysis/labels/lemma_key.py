"""The words of a phrase that carry its meaning, in their dictionary forms."""

from analysis.labels.inflection import lemma
from analysis.labels.languages import languages
from analysis.labels.stop_words import STOP_WORDS

_NEGATIONS = frozenset().union(*(language.negations for language in languages()))
_NUMBERS = {digits: word for language in reversed(languages()) for digits, word in language.numbers.items()}
NO = "no"
"""The lemma of every negation."""


def lemma_key(text: str) -> frozenset[str]:
    """Lemmas of a phrase in normal form, without stop words; every negation is one word and stays.

    Digits count as words. A phrase of nothing else keeps its words as they are: no key is empty.

    >>> sorted(lemma_key("has 4 striped legs")), sorted(lemma_key("without a tail"))
    (['four', 'leg', 'stripe'], ['no', 'tail'])
    """
    words = text.replace("-", " ").split()
    kept = [word for word in words if word in _NEGATIONS or word not in STOP_WORDS]
    key = frozenset(NO if word in _NEGATIONS else lemma(_NUMBERS.get(word, word)) for word in kept)
    return key or frozenset(words or [text])
