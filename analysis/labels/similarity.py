"""How far labels are apart: in meaning, and in the words that they share."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.labels.lemma_sets import LemmaSets


def lemma_overlap(keys: Sequence[frozenset[str]]) -> NDArray[np.float64]:
    """Shared lemmas of each pair of keys: J of `LemmaSets`, over the distinct ones.

    Args:
        keys: (n,) lemmas of each label, none of them empty.

    Returns:
        (n, n) float64, 0..1, symmetric, exactly 1 for equal keys.
    """
    distinct = sorted(set(keys), key=sorted)
    place = {key: at for at, key in enumerate(distinct)}
    overlap = np.eye(len(distinct))
    a, b, shared = LemmaSets(distinct).overlaps()
    overlap[a, b] = overlap[b, a] = shared
    places = [place[key] for key in keys]
    return overlap[np.ix_(places, places)]


def cosine_distances(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    """One minus the cosine of each pair of rows: (n, d) to (n, n) float64, 0..2, symmetric, zero diagonal."""
    rows = vectors.astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    distances: NDArray[np.float64] = np.clip(1 - rows @ rows.T, 0, 2)
    distances = (distances + distances.T) / 2
    np.fill_diagonal(distances, 0)
    return distances


def label_distances(
    vectors: NDArray[np.floating], keys: Sequence[frozenset[str]] | None, lemma_weight: float
) -> NDArray[np.float64]:
    r"""Cosine distances, drawn in by shared lemmas.

    .. math:: D = (1 - m) D_{\cos} + m (1 - J), \quad D = 0 \text{ for equal keys}

    Args:
        vectors: (n, d) float.
        keys: (n,) see `lemma_overlap`; None for cosine distances alone.
        lemma_weight: m, 0..1.

    Returns:
        (n, n) float64, 0..2, symmetric, zero diagonal.
    """
    meaning = cosine_distances(vectors)
    if keys is None or not lemma_weight:
        return meaning
    overlap = lemma_overlap(keys)
    distances: NDArray[np.float64] = (1 - lemma_weight) * meaning + lemma_weight * (1 - overlap)
    distances[overlap == 1] = 0
    return distances
