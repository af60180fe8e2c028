"""A name for every group of labels: a phrase that people typed, or as published a word."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.labels.lemma_key import lemma_key
from analysis.labels.stop_words import STOP_WORDS

Members = Sequence[tuple[str, int]]
"""Phrases of a group in normal form, each with its count."""

_DECIMALS = 6
"""Sums of cosines that agree to this many decimals are tied; the word first in the alphabet wins."""


def candidate_words(phrases: Iterable[str]) -> list[str]:
    """Distinct words of the phrases that may name a group, sorted.

    >>> candidate_words(["black and white stripes", "a stripe"])
    ['black', 'stripe', 'stripes', 'white']
    """
    return sorted({word for phrase in phrases for word in phrase.split()} - STOP_WORDS)


def group_name(members: Members, vectors: Mapping[str, NDArray[np.floating]]) -> str:
    r"""Name a group by the word of its own that is closest to all its phrases.

    .. math:: \arg\max_w \sum_p n_p \cos(w, p)

    over the candidate words w and the phrases p with counts n_p. A group of stop words only is named by its
    most frequent phrase.

    Args:
        members: the phrases with their counts, at least one.
        vectors: (d,) float, length 1, for every phrase and every candidate word.

    Source: arXiv 2405.03301 and its notebooks.
    """
    words = candidate_words(phrase for phrase, _ in members)
    if not words:
        return min(members, key=lambda member: (-member[1], member[0]))[0]
    phrase_sum = np.sum([count * vectors[p].astype(np.float64) for p, count in sorted(members)], axis=0)
    scores = np.stack([vectors[word] for word in words]) @ phrase_sum
    return words[int(np.round(scores, _DECIMALS).argmax())]


def phrase_name(members: Members) -> str:
    """Name a group by the phrase of its own that says what half of its people said.

    Of the phrases with every lemma that at least half of the people used, or else with most of them, the one
    that most people typed; then the shortest, then the first in the alphabet. "Four legs" is so not called
    "legs" where half of the people counted them.

    Args:
        members: the phrases with their counts, at least one.
    """
    people = sum(count for _, count in members)
    used: Counter[str] = Counter()
    for phrase, count in members:
        for word in lemma_key(phrase):
            used[word] += count
    said = {word for word, count in used.items() if 2 * count >= people}

    def quality(member: tuple[str, int]) -> tuple[int, int, int, str]:
        phrase, count = member
        return -len(said & lemma_key(phrase)), -count, len(phrase), phrase

    return min(members, key=quality)[0]
