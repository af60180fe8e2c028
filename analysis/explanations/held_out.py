"""How well concepts can be told from the other regions, on images that the classifier has not seen."""

import numpy as np
from numpy.typing import NDArray

from analysis.explanations.random_concepts import Hands

Table = NDArray[np.float64]


def folds_of(images: NDArray[np.integer], folds: int, dice: np.random.Generator) -> NDArray[np.intp]:
    """The fold that each region's image falls in, (M,) 0..folds-1: of about as many images each."""
    numbers, of = np.unique(images, return_inverse=True)
    dealt = dice.permutation(len(numbers)) % min(folds, len(numbers))
    found: NDArray[np.intp] = dealt[of]
    return found


def held_out_accuracy(inner: Table, concepts: Hands, folds: NDArray[np.intp]) -> Table:
    r"""Balanced accuracy of telling each concept's regions from all others.

    The direction is that of `ConceptSpace`, with means a, b over the other folds' regions and the covariance
    over all, which knows no labels. Sets of different size in many dimensions need care with the threshold: a
    mean of few regions is too long by its noise, and a plain midpoint would put all that is held out on the
    larger set's side. So squared lengths are taken over pairs of different regions,

    .. math:: |a|^2 = \frac{1}{n (n - 1)} \sum_{i \ne j} z_i^T \Sigma^{-1} z_j, \quad
              (a - b)^T \Sigma^{-1} z > (|a|^2 - |b|^2) / 2.

    Half right are ties, and folds for which the others hold fewer than two regions of one kind.

    Args:
        inner: of the space, (M, M).
        concepts: (R, M), each with at least one region and not all.
        folds: (M,), see `folds_of`.

    Returns:
        (R,) in 0..1: the mean of the shares of the concept's regions and of the others that were told right.
    """
    right = np.empty(concepts.shape)
    for fold in range(int(folds.max(initial=0)) + 1):
        seen, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        sure = _sureness(inner[seen][:, seen], inner[seen][:, held], concepts[:, seen])
        right[:, held] = (np.sign(np.where(concepts[:, held], sure, -sure)) + 1) / 2
    of_concept = (right * concepts).sum(axis=1) / concepts.sum(axis=1)
    of_others = (right * ~concepts).sum(axis=1) / (~concepts).sum(axis=1)
    found: Table = (of_concept + of_others) / 2
    return found


def _sureness(inner: Table, across: Table, concepts: Hands) -> Table:
    """Above 0 for held-out regions on the concept's side: (T, T), (T, H), (R, T) -> (R, H)."""
    means, squares = [], []
    enough = np.ones(len(concepts), bool)
    for chosen in (concepts.astype(np.float64), (~concepts).astype(np.float64)):
        sizes = chosen.sum(axis=1)
        enough &= sizes >= 2
        pairs = np.einsum("rt,rt->r", chosen @ inner, chosen) - chosen @ inner.diagonal()
        squares.append(pairs / np.maximum(sizes * (sizes - 1), 1))
        means.append(chosen / np.maximum(sizes, 1)[:, None])
    sure = (means[0] - means[1]) @ across - (squares[0] - squares[1])[:, None] / 2
    found: Table = np.where(enough[:, None], sure, 0)
    return found
