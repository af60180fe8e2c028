"""From clusters of maps to regions: which are heavy enough, and what they show."""

import numpy as np
from numpy.typing import NDArray


def heavy_enough(weights: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which clusters are shown: all but those with w < max(max(w) / 3, mean(w) / 2) (arXiv 2405.03301).

    Args:
        weights: (k,) positive cluster weights of one sign, any unit, k >= 1.

    Returns:
        (k,); the heaviest is always kept.
    """
    return np.asarray(weights >= max(weights.max() / 3, weights.mean() / 2))


def contribution_maps(
    activation: NDArray[np.float32], gradient: NDArray[np.float32], sign: float
) -> NDArray[np.float32]:
    """Where each map speaks for (sign +1) or against (sign -1) the class: max(sign * G * A, 0).

    Where a layer's outputs may be negative, a raw activation would light up the background instead.

    Args:
        activation: A, (K, h, w).
        gradient: G, (K, h, w).
        sign: +1 or -1.

    Returns:
        (K, h, w) float32, >= 0, logit units.
    """
    return np.asarray(np.maximum(np.float32(sign) * gradient * activation, 0), dtype=np.float32)


def region_maps(
    maps: NDArray[np.float32], labels: NDArray[np.intp], clusters: NDArray[np.intp]
) -> NDArray[np.float32]:
    """The sum of each wanted cluster's maps, at layer resolution.

    Args:
        maps: (n, h, w).
        labels: (n,) the cluster of each map.
        clusters: (k,) the wanted clusters.

    Returns:
        (k, h, w) float32.
    """
    members = (labels[None, :] == clusters[:, None]).astype(np.float32)
    return np.tensordot(members, maps, axes=1)
