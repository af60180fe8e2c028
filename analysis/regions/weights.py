"""How much each feature map says about the class, and which maps say too little to cluster."""

import numpy as np
from numpy.typing import NDArray

MANY_MAPS = 64
PUBLISHED_DISCARD = 0.896
PUBLISHED_DISCARD_OF_FEW = 0.768


def contributions(activation: NDArray[np.float32], gradient: NDArray[np.float32]) -> NDArray[np.float64]:
    """Gradient x activation of each map: c_k = sum_ij G_kij * A_kij.

    This is the drop of the class logit, to first order, when map k goes to zero.

    Args:
        activation: A, (K, h, w).
        gradient: G = d logit / d A, (K, h, w).

    Returns:
        (K,) float64, logit units; positive where a map speaks for the class.
    """
    amounts: NDArray[np.float64] = np.einsum("khw,khw->k", gradient, activation, dtype=np.float64)
    return amounts


def discard_threshold(channels: int, factor: float | None = None) -> float:
    """The share of its sign's sum up to which a map is discarded: factor / K.

    The published rule (arXiv 2405.03301) is .175, .35, .7 and 1.4 percent for 512, 256, 128 and 64 maps,
    which is a factor of 0.896; for fewer than 64 maps it is 0.768.

    Args:
        channels: K, all maps of the layer.
        factor: None for the published rule.
    """
    if factor is None:
        factor = PUBLISHED_DISCARD if channels >= MANY_MAPS else PUBLISHED_DISCARD_OF_FEW
    return factor / channels


def surviving(strengths: NDArray[np.float64], threshold: float) -> NDArray[np.intp]:
    """Indices of the maps whose share of the sum is above `threshold`.

    Args:
        strengths: (K,) what each map says for one sign, >= 0.
        threshold: as given by `discard_threshold`.

    Returns:
        (n,) ascending; empty where the strengths are all zero.
    """
    total = strengths.sum()
    return np.flatnonzero(strengths > threshold * total) if total > 0 else np.empty(0, dtype=np.intp)
