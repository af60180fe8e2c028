"""A region on its photo, for people."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from analysis.regions.results import Sign
from analysis.regions.upsampling import min_max, upsample

GREY = 0.65  # how far the photo loses its colours where the region is not
DIM = 0.55  # what is left of its light there
HEAT = 0.62  # how far the strongest heat covers the photo
FROM, TO = 0.15, 0.85  # between these the region fades in
# From dark to light in even steps of lightness: ember, orange, amber, pale yellow; against the class, blues.
STOPS: dict[Sign, tuple[tuple[int, int, int], ...]] = {
    "supports": ((84, 20, 60), (196, 64, 42), (244, 140, 30), (254, 196, 54), (255, 222, 110)),
    "opposes": ((34, 24, 96), (40, 84, 172), (44, 142, 214), (92, 192, 238), (168, 226, 248)),
}
LUMA = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


def render_overlay(
    crop: Image.Image, region_map: NDArray[np.float32], sign: Sign = "supports"
) -> Image.Image:
    """The photo in its own colours where the region is, under warm light; dim and grey elsewhere.

    Args:
        crop: RGB, as `Preprocessing.crop_photo` gives it.
        region_map: (h, w) float32; scaled to [0, 1] on the crop.
        sign: the region's; one that opposes the class is under cold light.

    Returns:
        RGB of the crop's size.
    """
    heat = min_max(upsample(region_map, crop.size)).astype(np.float32)[..., None]
    strength = _smoothstep(heat)
    photo = np.asarray(crop, dtype=np.float32)
    grey = (photo @ LUMA)[..., None]
    quiet = DIM * (photo + GREY * (grey - photo))
    lit = photo + HEAT * heat * (_light(heat[..., 0], sign) - photo)
    mixed = quiet + strength * (lit - quiet)
    return Image.fromarray(np.clip(np.rint(mixed), 0, 255).astype(np.uint8))


def _smoothstep(heat: NDArray[np.float32]) -> NDArray[np.float32]:
    """0 up to FROM, 1 from TO, smooth in between."""
    t = np.clip((heat - FROM) / (TO - FROM), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def _light(heat: NDArray[np.float32], sign: Sign) -> NDArray[np.float32]:
    """The colour of each heat: (h, w) in [0, 1] -> (h, w, 3) in [0, 255]."""
    stops = STOPS[sign]
    table = np.array(
        [
            np.interp(np.linspace(0, 1, 256), np.linspace(0, 1, len(stops)), channel)
            for channel in zip(*stops, strict=True)
        ],
        dtype=np.float32,
    ).T
    colours: NDArray[np.float32] = table[np.rint(heat * 255).astype(np.intp)]
    return colours
