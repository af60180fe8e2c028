"""Random concepts: what a label would be if it had fallen on other regions by chance."""

import numpy as np
from numpy.typing import NDArray

Hands = NDArray[np.bool_]


def random_concepts(
    images: NDArray[np.integer], carries: Hands, count: int, dice: np.random.Generator
) -> Hands:
    """As many regions as the label has, in as many images, in the same clusters.

    How many regions carry the label is dealt anew among images of as many regions, and which ones is dealt
    anew in each image: every way to do so is as likely. So the label is one of these draws, whatever chose
    its number of images and clusters, if only it had no preference among images of as many regions and among
    the regions of one image. Regions of one image are alike: a concept that keeps to few images looks
    different from one scattered over many, hence the clusters stay.

    Args:
        images: (M,), the image of each region.
        carries: (M,), whether a region carries the label.
        count: how many to draw.
        dice: where chance comes from.

    Returns:
        (count, M), one concept a row.
    """
    numbers, of = np.unique(images, return_inverse=True)
    sizes = np.bincount(of, minlength=len(numbers))
    own = np.bincount(of[carries], minlength=len(numbers))
    dealt = np.zeros((count, len(numbers)), np.int64)
    for size in np.unique(sizes):
        alike = np.flatnonzero(sizes == size)
        dealt[:, alike] = own[alike][dice.random((count, len(alike))).argsort(axis=1)]
    drawn = np.zeros((count, len(of)), bool)
    luck = dice.random(drawn.shape)
    for image in range(len(numbers)):
        rows = np.flatnonzero(of == image)
        drawn[:, rows] = luck[:, rows].argsort(axis=1).argsort(axis=1) < dealt[:, [image]]
    return drawn


def random_sets(
    free: NDArray[np.intp], size: int, count: int, total: int, dice: np.random.Generator
) -> Hands:
    """`count` sets of `size` of the rows `free`, without replacement within a set; (count, total)."""
    sets = np.zeros((count, total), bool)
    picked = dice.random((count, len(free))).argsort(axis=1)[:, :size]
    sets[np.arange(count)[:, None], free[picked]] = True
    return sets
