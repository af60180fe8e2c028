"""What a phrase means: as a sentence, and by the words in it that carry meaning."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Vectors = Mapping[str, NDArray[np.floating]]
"""Texts -> (d,) float, as the sentence model gives them."""

_CHUNK = 4_096  # phrases blended at a time: no second matrix of all of them


def texts_to_embed(phrases: Iterable[str], keys: Iterable[frozenset[str]], word_weight: float) -> list[str]:
    """All texts whose vectors `phrase_vectors` asks for, distinct and sorted.

    >>> texts_to_embed(["has stripes"], [frozenset({"stripe"})], 0.5)
    ['has stripes', 'stripe']
    """
    words = frozenset().union(*keys) if word_weight else frozenset()
    return sorted({*phrases, *words})


def phrase_vectors(
    phrases: Sequence[str], keys: Sequence[frozenset[str]], vectors: Vectors, word_weight: float
) -> NDArray[np.float32]:
    r"""Blend the vector of each phrase with those of its lemmas.

    .. math:: x_p = (1 - w) \, \hat v_p + w \, \hat m_p, \quad m_p = \sum_{l \in K_p} \hat v_l

    with hats for vectors of length 1. A sentence model hears how a thing is said ("lives in africa",
    "africa"), its lemmas only what is named.

    Args:
        phrases: (n,) texts, each with a vector.
        keys: (n,) see `lemma_key`. Lemmas without a vector are left out; a phrase with none that has one is
            its sentence alone.
        vectors: of phrases and lemmas, see `texts_to_embed`.
        word_weight: w, 0..1.

    Returns:
        (n, d) float32, of any length; the vectors of the phrases as they came where w is 0.
    """
    lemmas = sorted(lemma for lemma in frozenset().union(*keys) if lemma in vectors) if word_weight else []
    if not lemmas:
        return _stacked(phrases, vectors)
    meanings = _unit(_stacked(lemmas, vectors))
    holds = _holders(keys, lemmas)
    blended = np.empty((len(phrases), meanings.shape[1]), dtype=np.float32)
    for start in range(0, len(phrases), _CHUNK):
        some = slice(start, start + _CHUNK)
        sentences = _unit(_stacked(phrases[some], vectors))
        words = _unit(holds[some] @ meanings)
        words = np.where(words.any(axis=1, keepdims=True), words, sentences)
        blended[some] = (1 - word_weight) * sentences + word_weight * words
    return blended


def _stacked(texts: Sequence[str], vectors: Vectors) -> NDArray[np.float32]:
    return np.stack([vectors[text] for text in texts]).astype(np.float32, copy=False)


def _holders(keys: Sequence[frozenset[str]], lemmas: Sequence[str]) -> csr_array:
    """Which of the lemmas each key holds: (keys, lemmas) float32, 1 or 0."""
    column = {lemma: place for place, lemma in enumerate(lemmas)}
    cells = [(row, column[lemma]) for row, key in enumerate(keys) for lemma in sorted(key & column.keys())]
    rows, columns = zip(*cells, strict=True)
    ones = np.ones(len(cells), dtype=np.float32)
    return csr_array((ones, (rows, columns)), shape=(len(keys), len(lemmas)))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units: NDArray[np.float32] = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return units
