"""Whether a region is still there when the photo changes by next to nothing."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.regions.results import LayerRegions, Region
from analysis.regions.upsampling import upsample

DRAWS = 5
NOISE = 1 / 255  # standard deviation, in image range [0, 1]


def noisy(photo: Tensor, std: Sequence[float], seed: int) -> Tensor:
    """Draws of a photo with Gaussian noise of 1/255 in image range, the same on every device.

    Args:
        photo: (3, H, W), normalised by `std`.
        std: per channel, in image range.
        seed: of the noise.

    Returns:
        (5, 3, H, W).
    """
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(DRAWS, *photo.shape, generator=generator) * NOISE
    return photo + (noise / torch.tensor(std)[:, None, None]).to(photo)


def stabilities(layer: LayerRegions, draws: Sequence[LayerRegions], side: int) -> list[float]:
    """How much of each region's picture survives: mean Pearson correlation with its match in each draw.

    A region's match is that of its sign which shares most of its feature maps, the heavier one where several
    share as many. Where a draw has none that shares any, the correlation counts as 0. Pictures are maps at
    the size of the crop.

    Args:
        layer: what was found in the photo.
        draws: the same layer of noisy copies.
        side: side of the crop, pixels.

    Returns:
        One value in -1..1 for each region.
    """
    pictures: dict[tuple[int, int], NDArray[np.float64]] = {}

    def picture(draw: int, region: Region) -> NDArray[np.float64]:
        if (draw, region.index) not in pictures:
            pictures[draw, region.index] = standardised(region.map, side)
        return pictures[draw, region.index]

    def survival(region: Region, draw: int) -> float:
        match = best_match(region, draws[draw].regions)
        return 0.0 if match is None else float(np.mean(picture(-1, region) * picture(draw, match)))

    return [
        float(np.mean([survival(region, draw) for draw in range(len(draws))])) for region in layer.regions
    ]


def best_match(region: Region, others: Sequence[Region]) -> Region | None:
    """The region of the same sign that shares most feature maps, None where none shares any."""
    own = set(region.map_indices)
    shared = [
        (len(own.intersection(other.map_indices)), other) for other in others if other.sign == region.sign
    ]
    most, match = max(shared, key=lambda pair: pair[0], default=(0, None))
    return match if most else None


def standardised(region_map: NDArray[np.float32], side: int) -> NDArray[np.float64]:
    """The map at side x side pixels with mean 0 and standard deviation 1; zero where it is constant."""
    picture = upsample(region_map, (side, side)).astype(np.float64)
    picture -= picture.mean()
    deviation = picture.std()
    return picture / deviation if deviation > 0 else picture
