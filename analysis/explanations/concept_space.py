"""The linear classifiers of one layer: Fisher's discriminants that share one covariance.

Every classifier between two sets of a layer's regions is then a product with one small table, so that a test
can afford thousands of random concepts that go through all that the label goes through.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.covariance import ledoit_wolf_shrinkage

Table = NDArray[np.float64]
_FLAT = 1e-9  # of a channel's or a direction's spread, relative to its size: nothing but rounding


@dataclass(frozen=True, slots=True, eq=False)
class ConceptSpace:
    r"""Products between the regions of a layer, all that classifiers and slopes are made of.

    With channels standardised, z = (x - \mu) / \sigma, and \Sigma their covariance over the layer's regions,
    shrunk towards the identity by Ledoit and Wolf's rule, the classifier between sets with means a and b is

    .. math:: w = \Sigma^{-1} (a - b), \quad w \cdot (z - (a + b) / 2) > 0,

    and the logit's slope along it, with the gradient g by x turned into one by z, is

    .. math:: (\sigma g) \cdot w / |w|,

    for one standard deviation of the layer, so that the units of channels do not matter. A set is a row of M
    shares that sum to 1.

    Attributes:
        inner: z_i^T \Sigma^{-1} z_j, (M, M).
        slopes: (\sigma g_n) \cdot w_j for region j alone, w_j = \Sigma^{-1} z_j, (N, M).
        norms: w_i \cdot w_j, (M, M).

    Sources: Fisher 1936; Ledoit and Wolf 2004, doi 10.1016/S0047-259X(03)00096-4; arXiv 1711.11279.
    """

    inner: Table
    slopes: Table
    norms: Table

    def derivatives(self, differences: Table) -> Table:
        """The slopes of N images, (R, M) differences of sets -> (R, N); 0 where sets do not differ."""
        squares = np.einsum("rm,rm->r", differences @ self.norms, differences)
        lengths = np.sqrt(np.maximum(squares, 0))
        found: Table = (differences @ self.slopes.T) / np.where(lengths > 0, lengths, 1)[:, None]
        return found


def concept_space(vectors: Table, gradients: Table) -> ConceptSpace:
    """Of one layer: (M, K) activations of regions and (N, K) gradients, float64.

    Channels that are the same everywhere say nothing, and are left out.
    """
    spread = vectors.std(axis=0)
    telling = spread > _FLAT * np.abs(vectors).max(axis=0, initial=0)
    if not telling.any():
        nothing = np.zeros((len(vectors), len(vectors)))
        return ConceptSpace(nothing, np.zeros((len(gradients), len(vectors))), nothing)
    scale = spread[telling]
    scaled = (vectors[:, telling] - vectors[:, telling].mean(axis=0)) / scale
    shrinkage = float(ledoit_wolf_shrinkage(scaled, assume_centered=True))
    left, lengths, axes = np.linalg.svd(scaled, full_matrices=False)
    kept = lengths > _FLAT * lengths[0]
    places = (left * lengths)[:, kept]
    variances = (1 - shrinkage) * lengths[kept] ** 2 / len(vectors) + shrinkage  # channels have a mean of 1
    normals = places / variances
    return ConceptSpace(
        inner=normals @ places.T,
        slopes=(gradients[:, telling] * scale) @ axes[kept].T @ normals.T,
        norms=normals @ normals.T,
    )
