"""How much of a photo a player sees: the pixels that a region points at most, level by level."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from analysis.regions.upsampling import upsample

REVEAL_SHARES = (0.02, 0.045, 0.08, 0.13, 0.20, 0.30)
SOFTNESS = 1 / 128  # standard deviation of the softened edge, in sides of the crop
INSIDE = np.float32(0.5)
OUTSIDE = np.nextafter(INSIDE, np.float32(0))


def reveal_mask(region_map: NDArray[np.float32], level: int, size: int) -> NDArray[np.float32]:
    """How visible each pixel is at one level.

    The pixels of at least 0.5 are exactly the top `REVEAL_SHARES[level]` of the bilinearly scaled map, ties
    broken by index (row by row); a Gaussian softens the edge on both sides. Each level holds the one before.

    Args:
        region_map: (h, w) float32.
        level: 0..5.
        size: side of the crop, pixels.

    Returns:
        (size, size) float32 in [0, 1].

    Raises:
        ValueError: a level that there is not.
    """
    if not 0 <= level < len(REVEAL_SHARES):
        raise ValueError(f"level must be from 0 to {len(REVEAL_SHARES) - 1}, not {level}.")
    shown = top_pixels(upsample(region_map, (size, size)), REVEAL_SHARES[level])
    soft = gaussian_filter(shown.astype(np.float32), sigma=size * SOFTNESS, mode="nearest", truncate=3)
    return np.where(shown, np.clip(soft, INSIDE, 1), np.clip(soft, 0, OUTSIDE))


def top_pixels(values: NDArray[np.float32], share: float) -> NDArray[np.bool_]:
    """The round(share * n) greatest of n values, at least one, the first ones where several are equal.

    Args:
        values: (height, width).
        share: in (0, 1).

    Returns:
        (height, width).
    """
    flat = values.ravel()
    count = max(1, round(share * flat.size))
    least = np.partition(flat, flat.size - count)[flat.size - count]
    shown = flat > least
    ties = np.flatnonzero(flat == least)
    shown[ties[: count - np.count_nonzero(shown)]] = True
    return np.asarray(shown.reshape(values.shape))


def render_reveal(crop: Image.Image, region_map: NDArray[np.float32], level: int) -> Image.Image:
    """The square crop with all but one level's pixels black.

    Args:
        crop: RGB, square, as `Preprocessing.crop_photo` gives it.
        region_map: (h, w) float32.
        level: 0..5.
    """
    mask = reveal_mask(region_map, level, crop.width)
    alpha = Image.fromarray(np.rint(mask * np.float32(255)).astype(np.uint8))
    return Image.composite(crop, Image.new("RGB", crop.size), alpha)
