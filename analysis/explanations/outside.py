"""How much of a region's map lies outside the object."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.explanations.class_records import Box, ImageEvidence

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Outside:
    """`share` of a map's mass outside the object; `expected` of an even map: the area outside."""

    share: float
    expected: float


def object_cover(image: ImageEvidence, shape: tuple[int, int]) -> NDArray[np.float64] | None:
    """Which part of each cell of a map lies on the object, (h, w) float64, 0..1.

    Areas are exact at any resolution. None where the image has neither mask nor box, where nothing or all of
    the picture is object, so that a place says nothing.
    """
    if image.mask is not None:
        height, width = image.mask.shape
        down, across = _overlap(shape[0], height), _overlap(shape[1], width)
        cover = down @ image.mask.astype(np.float64) @ across.T
    elif image.box is not None:
        cover = _box_cover(image.box, shape)
    else:
        return None
    return cover.clip(0, 1) if _ROUNDING < cover.mean() < 1 - _ROUNDING else None


def outside(region_map: NDArray[np.floating], cover: NDArray[np.float64]) -> Outside | None:
    r"""Compare where a map's mass is with where the object is.

    .. math:: o = \sum_{ij} m_{ij} (1 - c_{ij}) / \sum_{ij} m_{ij}, \quad e = 1 - \bar c

    with m the map's positive part and c the cover.

    Args:
        region_map: (h, w) float.
        cover: (h, w), see `object_cover`.

    Returns:
        None for a map without mass.

    Raises:
        ValueError: shapes that differ, or a map that is not finite.
    """
    if region_map.shape != cover.shape or not np.isfinite(region_map).all():
        raise ValueError("map and cover must be of one shape, and the map finite")
    mass = np.maximum(region_map.astype(np.float64), 0)
    highest = mass.max(initial=0.0)
    if not highest:
        return None
    mass /= highest  # so that no sum of tiny or huge values is lost
    share = float((mass * (1 - cover)).sum() / mass.sum())
    return Outside(min(share, 1.0), float(1 - cover.mean()))


def denser(share: float, expected: float) -> float | None:
    r"""How many times denser the mass is outside than inside, (o / e) / ((1 - o) / (1 - e)).

    Args:
        share: o, 0..1.
        expected: e, between 0 and 1.

    Returns:
        0 or above; None where nothing is inside.
    """
    inside = (1 - share) / (1 - expected)
    return share / expected / inside if inside > 0 else None


def _box_cover(box: Box, shape: tuple[int, int]) -> NDArray[np.float64]:
    left, top, right, bottom = box
    return np.outer(_within(top, bottom, shape[0]), _within(left, right, shape[1]))


def _within(start: float, end: float, cells: int) -> NDArray[np.float64]:
    """Which part of each of equal cells of 0..1 lies in start..end."""
    edges = np.arange(cells + 1) / cells
    return (np.minimum(edges[1:], end) - np.maximum(edges[:-1], start)).clip(0) * cells


def _overlap(cells: int, pixels: int) -> NDArray[np.float64]:
    """(cells, pixels): which part of each cell each pixel covers; rows add up to 1."""
    return np.stack([_within(pixel / pixels, (pixel + 1) / pixels, cells) for pixel in range(pixels)], axis=1)
