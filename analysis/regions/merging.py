"""From clusters of maps to regions: which are heavy enough, and what they show."""

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

LEAST_BLUR = 0.7  # cells
REACH = 3  # standard deviations, where the Gaussian is cut off
TINY = 1e-30


def heavy_enough(
    weights: NDArray[np.float64], of_heaviest: float = 1 / 3, of_mean: float = 1 / 2
) -> NDArray[np.bool_]:
    """Which clusters are shown: all but those with w < max(max(w) * of_heaviest, mean(w) * of_mean).

    The defaults are the published rule (arXiv 2405.03301).

    Args:
        weights: (k,) positive cluster weights of one sign, any unit, k >= 1.
        of_heaviest: share of the heaviest, 0..1.
        of_mean: share of the mean, 0..1.

    Returns:
        (k,); the heaviest is always kept.
    """
    return np.asarray(weights >= max(weights.max() * of_heaviest, weights.mean() * of_mean))


def contribution_maps(products: Tensor, sign: float) -> Tensor:
    """Where each map speaks for (sign +1) or against (sign -1) the class: max(sign * G * A, 0).

    Where a layer's outputs may be negative, a raw activation would light up the background instead.

    Args:
        products: G * A, (n, h, w).
        sign: +1 or -1.

    Returns:
        (n, h, w) float32, >= 0, logit units.
    """
    return (sign * products).clamp_(min=0)


def blurred(maps: Tensor, share: float, step: int = 1) -> Tensor:
    """Smooth maps by a Gaussian, their edges repeated, and keep every `step`-th row and column.

    Args:
        maps: (n, h, w) float32.
        share: standard deviation in sides of the map, at least 0.7 cells; 0 leaves the maps as they are.
        step: see `coarseness`.

    Returns:
        (n, h / step, w / step) float32, rounded up.
    """
    if share == 0:
        return maps[:, ::step, ::step]
    sigma = max(share * max(maps.shape[1:]), LEAST_BLUR)
    down, across = (_blurring(side, sigma)[::step].to(maps.device) for side in maps.shape[1:])
    return down @ (maps @ across.T)


def coarseness(maps: Tensor, share: float) -> int:
    """How many cells lie within the standard deviation of `blurred`; every so manyth tells the maps apart."""
    return max(1, int(share * max(maps.shape[1:])))


@lru_cache(maxsize=64)
def _blurring(side: int, sigma: float) -> Tensor:
    """The matrix (side, side) that smooths one axis; what lies beyond an edge repeats it."""
    reach = int(np.ceil(REACH * sigma))
    steps = np.arange(-reach, reach + 1)
    kernel = np.exp(-(steps**2) / (2 * sigma**2))
    matrix = np.zeros((side, side))
    rows = np.arange(side)
    for step, value in zip(steps, kernel / kernel.sum(), strict=True):
        np.add.at(matrix, (rows, np.clip(rows + step, 0, side - 1)), value)
    return torch.from_numpy(matrix.astype(np.float32))


def shared_maps(maps: Tensor, compared: Tensor, labels: NDArray[np.intp], sharpness: float) -> Tensor:
    """What every cluster shows: all maps, each shared between the clusters by how much it resembles them.

    With u_k the smoothed map as a vector of length 1 and z_C the sum of cluster C's, likewise, C shows
    sum_k p_kC E_k where p_kC = (u_k . z_C)^sharpness / sum_C' (u_k . z_C')^sharpness. The clusters together
    show all maps once. A map between two clusters may be counted to either after the least noise in the
    photo; shared, it changes what they show by next to nothing.

    Args:
        maps: E, (n, h, w) float32, >= 0, none of them zero everywhere.
        compared: the same maps, smoothed and perhaps coarser, (n, h', w').
        labels: (n,) 0..k-1, the cluster of each map.
        sharpness: >= 1.

    Returns:
        (k, h, w) float32.
    """
    vectors = functional.normalize(compared.flatten(1), eps=TINY)
    members = functional.one_hot(torch.from_numpy(labels).to(maps.device)).to(maps)
    sums = functional.normalize(members.T @ compared.flatten(1), eps=TINY)
    shares = (sharpness * (vectors @ sums.T).clamp(min=TINY).log()).softmax(dim=1)
    return (shares.T @ maps.flatten(1)).reshape(-1, *maps.shape[1:])


def weighted_means(maps: Tensor, weights: NDArray[np.float64], labels: NDArray[np.intp]) -> Tensor:
    """The weighted mean of each cluster's maps: sum(w_k A_k) / sum(w_k) (arXiv 2405.03301).

    Args:
        maps: A, (n, h, w), raw activations.
        weights: (n,) > 0.
        labels: (n,) 0..k-1, the cluster of each map.

    Returns:
        (k, h, w) float32.
    """
    totals = np.bincount(labels, weights=weights)
    shares = torch.from_numpy((weights / totals[labels]).astype(np.float32)).to(maps)
    members = functional.one_hot(torch.from_numpy(labels).to(maps.device)).to(maps)
    return ((members * shares[:, None]).T @ maps.flatten(1)).reshape(-1, *maps.shape[1:])
