"""What a phrase means: as a sentence, and by the words in it that carry meaning."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Vectors = Mapping[str, NDArray[np.floating]]
"""Texts -> (d,) float, as the sentence model gives them."""


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
    sentences = np.stack([vectors[phrase] for phrase in phrases]).astype(np.float32)
    lemmas = sorted(lemma for lemma in frozenset().union(*keys) if lemma in vectors) if word_weight else []
    if not lemmas:
        return sentences
    column = {lemma: place for place, lemma in enumerate(lemmas)}
    cells = [(row, column[lemma]) for row, key in enumerate(keys) for lemma in sorted(key & column.keys())]
    rows, columns = zip(*cells, strict=True)
    holds = csr_array(
        (np.ones(len(cells), dtype=np.float32), (rows, columns)), shape=(len(keys), len(lemmas))
    )
    words = _unit(holds @ _unit(np.stack([vectors[lemma] for lemma in lemmas]).astype(np.float32)))
    sentences = _unit(sentences)
    words = np.where(words.any(axis=1, keepdims=True), words, sentences)
    blended: NDArray[np.float32] = ((1 - word_weight) * sentences + word_weight * words).astype(np.float32)
    return blended


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units: NDArray[np.float32] = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return units
