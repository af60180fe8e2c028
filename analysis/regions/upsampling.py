"""Region maps at the size of the crop, in whole numbers: exact, and so the same on every machine."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

FINEST = 2**24 - 1  # the steps between a map's least and greatest value; float32 tells no more apart
LARGEST_SIDE = 8192  # up to which every product and sum below is a whole number that float64 holds exactly


def upsample(region_map: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float64]:
    """Scale a map bilinearly, pixel centres on pixel centres.

    The map is first rounded to whole numbers from 0, its least value, to `FINEST`; the weights of bilinear
    interpolation are whole numbers too. So neither the order of a sum nor a fused multiplication can change
    the result.

    Args:
        region_map: (h, w), finite.
        size: width and height of the result, pixels, at most `LARGEST_SIDE`.

    Returns:
        (height, width) whole numbers from 0, in some unit of their own; all 0 where the map is constant.

    Raises:
        ValueError: a larger size.
    """
    if max(size) > LARGEST_SIDE:
        raise ValueError(f"A map can be scaled to {LARGEST_SIDE} pixels a side at most, not {max(size)}.")
    width, height = size
    down, across = interpolation(region_map.shape[0], height), interpolation(region_map.shape[1], width)
    return np.asarray(down @ whole_numbers(region_map) @ across.T)


def whole_numbers(region_map: NDArray[np.float32]) -> NDArray[np.float64]:
    """Round a map to whole numbers between 0, its least value, and `FINEST`; all 0 where it is constant."""
    values = region_map.astype(np.float64)
    low, high = values.min(), values.max()
    if high <= low:
        return np.zeros_like(values)
    return np.asarray(np.rint((values - low) / (high - low) * FINEST))


@lru_cache(maxsize=64)
def interpolation(cells: int, pixels: int) -> NDArray[np.float64]:
    """The weights of linear interpolation from cells to pixels, times 2 * pixels, which makes them whole.

    The centre of pixel i lies at cell (i + 1/2) * cells / pixels - 1/2, held at the outermost centres.

    Returns:
        (pixels, cells), each row with one or two entries.
    """
    position = (2 * np.arange(pixels) + 1) * cells - pixels
    position = np.clip(position, 0, 2 * pixels * (cells - 1))
    cell, past = np.divmod(position, 2 * pixels)
    weights = np.zeros((pixels, cells))
    row = np.arange(pixels)
    weights[row, np.minimum(cell + 1, cells - 1)] = past
    weights[row, cell] += 2 * pixels - past
    weights.flags.writeable = False
    return weights


def min_max(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shift and scale to [0, 1]; values that are all the same become 1, being equally important."""
    low, high = values.min(), values.max()
    if high <= low:
        return np.ones_like(values)
    return np.asarray((values - low) / (high - low))


def covered_share(region_map: NDArray[np.float32], side: int) -> float:
    """Share of a crop of side x side pixels where the map, scaled to it and to [0, 1], is at least 0.5."""
    scaled = upsample(region_map, (side, side))
    middle = (scaled.min() + scaled.max()) / 2  # 0.5 on the scale of `min_max`
    return float((scaled >= middle).mean())
