"""How much each feature map says about the class, and which maps say too little to cluster."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

MANY_MAPS = 64
PUBLISHED_DISCARD = 0.896
PUBLISHED_DISCARD_OF_FEW = 0.768


def widest(device: torch.device) -> torch.dtype:
    """The most exact numbers that a device has: float64, or float32 on MPS."""
    return torch.float32 if device.type == "mps" else torch.float64


def contributions(products: Tensor) -> NDArray[np.float64]:
    """Gradient x activation of each map, summed: c_k = sum_ij G_kij * A_kij.

    This is the drop of the class logit, to first order, when map k goes to zero. With a gradient averaged
    along the path from zero to A, the c_k of a layer add up to the whole drop (`analysis.regions.path`).

    Args:
        products: G * A with G = d logit / d A, (K, h, w) float32.

    Returns:
        (K,) float64, logit units; positive where a map speaks for the class.
    """
    amounts = products.sum(dim=(1, 2), dtype=widest(products.device))
    return np.asarray(amounts.cpu().numpy(), dtype=np.float64)


def guided_weights(activation: Tensor, gradient: Tensor) -> NDArray[np.float64]:
    """Mean of the guided gradient of each map: a_k = mean_ij of 1[A > 0] 1[G > 0] G (arXiv 2405.03301).

    Args:
        activation: A, (K, h, w) float32.
        gradient: G = d logit / d A, (K, h, w) float32.

    Returns:
        (K,) float64, >= 0, logits per unit of activation.
    """
    guided = gradient.clamp(min=0) * (activation > 0)
    return np.asarray(guided.mean(dim=(1, 2), dtype=widest(guided.device)).cpu().numpy(), dtype=np.float64)


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
