"""How far labels are apart: in meaning, and in the words that they share."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array


def lemma_overlap(keys: Sequence[frozenset[str]]) -> NDArray[np.float64]:
    r"""Shared lemmas of each pair of keys, rare ones weighing more.

    .. math:: J_{ij} = \sum_{w \in K_i \cap K_j} u_w / \sum_{w \in K_i \cup K_j} u_w, \quad
              u_w = \ln(1 + n / n_w)

    with n_w the number of distinct keys, of n in all, that hold w: a weighted Jaccard index.

    Args:
        keys: (n,) lemmas of each label, none of them empty.

    Returns:
        (n, n) float64, 0..1, symmetric, exactly 1 for equal keys.
    """
    columns = {word: column for column, word in enumerate(sorted(frozenset().union(*keys)))}
    rows = [row for row, key in enumerate(keys) for _ in key]
    holds = csr_array(
        (np.ones(len(rows)), (rows, [columns[word] for key in keys for word in key])),
        shape=(len(keys), len(columns)),
    )
    distinct = {key: row for row, key in enumerate(keys)}
    weights = np.log1p(len(distinct) / holds[sorted(distinct.values())].sum(axis=0))
    shared = ((holds * weights[None, :]) @ holds.T).toarray()
    sizes = np.diag(shared)
    overlap: NDArray[np.float64] = shared / (sizes[:, None] + sizes[None, :] - shared)
    same = {key: place for place, key in enumerate(distinct)}
    places = np.array([same[key] for key in keys])
    overlap[places[:, None] == places[None, :]] = 1
    return overlap


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
