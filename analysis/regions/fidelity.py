"""Whether the weights of a layer's regions tell what the regions really do."""

import numpy as np
from numpy.typing import NDArray

from analysis.regions.results import LayerRegions

FEWEST = 3


def fidelity(layer: LayerRegions) -> float | None:
    """Spearman correlation between the weights and the effects of the supporting regions shown.

    Args:
        layer: with effects measured.

    Returns:
        -1..1; None for fewer than three regions, effects not measured, or either side constant.
    """
    supporting = [region for region in layer.regions if region.sign == "supports"]
    effects = [region.effect for region in supporting if region.effect is not None]
    if len(supporting) < FEWEST or len(effects) < len(supporting):
        return None
    return spearman(np.array([region.weight for region in supporting]), np.array(effects))


def spearman(left: NDArray[np.float64], right: NDArray[np.float64]) -> float | None:
    """Pearson correlation of ranks, ties averaged.

    Args:
        left: (n,).
        right: (n,).

    Returns:
        -1..1, or None where either side is constant.
    """
    ranks = np.stack([average_ranks(left), average_ranks(right)])
    centred = ranks - ranks.mean(axis=1, keepdims=True)
    spread = float(np.linalg.norm(centred[0]) * np.linalg.norm(centred[1]))
    return float(np.clip(centred[0] @ centred[1] / spread, -1, 1)) if spread > 0 else None


def average_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1, equal values sharing the mean of theirs; (n,) -> (n,)."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = counts.cumsum()
    return (last - (counts - 1) / 2)[place]
