"""How much of a photo a player sees: the pixels that a region points at most, level by level.

Everything from the region map to the pixels is done in whole numbers, so that a level is the same picture on
every machine. A level shows exactly its share of the crop's pixels.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy.ndimage import distance_transform_cdt

from analysis.regions.upsampling import upsample

REVEAL_SHARES = (0.02, 0.045, 0.08, 0.13, 0.20, 0.30)
SOFTNESS = 128  # the standard deviation of the softened edge is about the crop's side divided by this
FULL, INSIDE = 255, 128  # visible; the least of a pixel that is shown, 0.5 of full or just above it

Number = TypeVar("Number", np.float64, np.int32)


def reveal_mask(region_map: NDArray[np.float32], level: int, size: int) -> NDArray[np.float32]:
    """How visible each pixel is at one level.

    The pixels of at least 0.5 are exactly the top `REVEAL_SHARES[level]` of the bilinearly scaled map, see
    `top_pixels`; a soft edge runs on both sides of where they end. Each level holds the one before.

    Args:
        region_map: (h, w) float32, finite.
        level: 0..5.
        size: side of the crop, pixels.

    Returns:
        (size, size) float32, whole multiples of 1/255 in [0, 1].

    Raises:
        ValueError: a level that there is not.
    """
    return visibility(region_map, level, size).astype(np.float32) / np.float32(FULL)


def visibility(region_map: NDArray[np.float32], level: int, size: int) -> NDArray[np.uint8]:
    """`reveal_mask` in 255ths; the pixels from 128 on are the ones shown."""
    if not 0 <= level < len(REVEAL_SHARES):
        raise ValueError(f"level must be from 0 to {len(REVEAL_SHARES) - 1}, not {level}.")
    shown = top_pixels(upsample(region_map, (size, size)), REVEAL_SHARES[level])
    light = soften(shown, max(1, size // SOFTNESS))
    return np.where(shown, np.maximum(light, INSIDE), np.minimum(light, INSIDE - 1)).astype(np.uint8)


def top_pixels(values: NDArray[np.float64], share: float) -> NDArray[np.bool_]:
    """The round(share * n) greatest of n values, at least one.

    Of equal values those come first that are nearer to a greater one, in steps up, down, left or right, then
    those of lower index. So what a player sees grows out of the evidence also where a map is flat around it,
    as maps of rectified outputs are; by index alone it would jump to the picture's top rows.

    Args:
        values: (height, width).
        share: in (0, 1).

    Returns:
        (height, width).
    """
    count = max(1, round(share * values.size))
    shown, ties = _greatest(values.ravel(), count)
    missing = count - int(np.count_nonzero(shown))
    if missing < count and missing < len(ties):
        away = distance_transform_cdt(~shown.reshape(values.shape), metric="taxicab").ravel()[ties]
        nearer, ties_still = _greatest(-away, missing)
        ties = np.concatenate([ties[nearer], ties[ties_still]])
    shown[ties[:missing]] = True
    return np.asarray(shown.reshape(values.shape))


def _greatest(values: NDArray[Number], count: int) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which of n values are surely among the `count` greatest, and the indices of those tied for the rest."""
    least = values.min()  # first, since sorting is slow where most values are the same
    if np.count_nonzero(values > least) >= count:
        least = np.partition(values, len(values) - count)[len(values) - count]
    return np.asarray(values > least), np.flatnonzero(values == least)


def soften(shown: NDArray[np.bool_], radius: int) -> NDArray[np.uint8]:
    """Blur a mask with three box filters, which together are close to a Gaussian, in whole numbers.

    Args:
        shown: (height, width).
        radius: of each box, which is 2 * radius + 1 pixels a side. Together they have a standard deviation
            of sqrt(radius * (radius + 1)) pixels.

    Returns:
        (height, width) from 0 to 255.
    """
    light = Image.fromarray(FULL * shown.astype(np.uint8))
    for _box in range(3):
        light = light.filter(ImageFilter.BoxBlur(radius))
    return np.asarray(light)


def render_reveal(crop: Image.Image, region_map: NDArray[np.float32], level: int) -> Image.Image:
    """The square crop with all but one level's pixels black.

    Args:
        crop: RGB, square, as `Preprocessing.crop_photo` gives it.
        region_map: (h, w) float32, finite.
        level: 0..5.
    """
    visible = Image.fromarray(visibility(region_map, level, crop.width))
    return Image.composite(crop, Image.new("RGB", crop.size), visible)
