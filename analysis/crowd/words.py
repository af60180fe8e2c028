"""The words by which labels are compared: dictionary forms, without those that say nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.crowd.dictionary import is_spelt, meant
from analysis.crowd.records import Codes
from analysis.labels.inflection import lemma
from analysis.labels.stop_words import STOP_WORDS

LEAST_SAID = 2
"""Labels in which a word must occur before a misspelling is taken for it."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of T texts: those of text t are `words[starts[t]:starts[t + 1]]`, indices into `names`."""

    names: tuple[str, ...]
    words: Codes
    starts: Codes
    """(T + 1,)"""
    said: Mapping[str, int]
    """How often each word of a dictionary was said, from two labels on: what misspelt words may mean."""


def vocabulary_of(forms: Sequence[str], times: Codes) -> Vocabulary:
    """Two labels agree where they share a word: "red beak" and "a beak". A form of nothing but stop words
    ("thing") is compared as it is. What no dictionary knows counts as the commonest word of this study that
    is one edit away.

    Args:
        forms: T normal forms.
        times: (T,) labels that have each of them.
    """
    said = _said(forms, times)
    index: dict[str, int] = {}
    lists = []
    for form in forms:
        words = {lemma(meant(word, said)) for word in form.split() if word not in STOP_WORDS} or {form}
        lists.append(sorted(index.setdefault(word, len(index)) for word in words))
    lengths = np.array([len(words) for words in lists], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    flat = np.array([word for words in lists for word in words], dtype=np.int64)
    return Vocabulary(tuple(index), flat, starts, said)


def _said(forms: Sequence[str], times: Codes) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for form, count in zip(forms, times.tolist(), strict=True):
        for word in set(form.split()):
            counts[word] += count
    return {word: count for word, count in counts.items() if count >= LEAST_SAID and is_spelt(word)}
