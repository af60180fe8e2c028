"""Region maps at the size of the crop."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def upsample(region_map: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """Scale a map bilinearly, pixel centres on pixel centres.

    Args:
        region_map: (h, w) float32.
        size: width and height of the result, pixels.

    Returns:
        (height, width) float32, in the range of `region_map`.
    """
    image = Image.fromarray(np.ascontiguousarray(region_map, dtype=np.float32))
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR), dtype=np.float32)


def min_max(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shift and scale to [0, 1]; values that are all the same become 1, being equally important."""
    low, high = values.min(), values.max()
    if high <= low:
        return np.ones_like(values)
    return np.asarray((values - low) / (high - low), dtype=np.float32)


def covered_share(region_map: NDArray[np.float32], side: int) -> float:
    """Share of a crop of side x side pixels where the map, scaled to it and to [0, 1], is at least 0.5."""
    scaled = upsample(region_map, (side, side))
    middle = (scaled.min() + scaled.max()) / 2  # 0.5 on the scale of `min_max`
    return float((scaled >= middle).mean())
