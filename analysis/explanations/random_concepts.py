"""Random concepts: what a label would be if it had fallen on other regions by chance."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

Hands = NDArray[np.bool_]


def random_concepts(
    images: NDArray[np.integer], carries: Hands, count: int, dice: np.random.Generator
) -> Hands:
    """As many regions as the label has, in as many images, in the same clusters.

    The numbers of labelled regions that the label has in its images are dealt to images drawn anew, each with
    as many regions at least, and there to regions drawn anew: every way to do so is as likely. Regions of one
    image are alike, so a concept that keeps to few images looks different from one scattered over many; hence
    the clusters are kept. If the label fell on its images and regions by chance, it is one of these draws.

    Args:
        images: (M,), the image of each region.
        carries: (M,), whether a region carries the label, at least one.
        count: how many to draw.
        dice: where chance comes from.

    Returns:
        (count, M), one concept a row.
    """
    numbers, of = np.unique(images, return_inverse=True)
    sizes = np.bincount(of, minlength=len(numbers))
    clusters = sorted(Counter(of[carries].tolist()).values(), reverse=True)
    wanted = np.zeros((count, len(numbers)), np.int64)
    for size in clusters:  # largest first: who has room for it has room for what follows, so no draw is stuck
        luck = np.where((sizes >= size) & (wanted == 0), dice.random(wanted.shape), -1)
        wanted[np.arange(count), luck.argmax(axis=1)] = size
    drawn = np.zeros((count, len(of)), bool)
    luck = dice.random(drawn.shape)
    for image in range(len(numbers)):
        own = np.flatnonzero(of == image)
        ranks = luck[:, own].argsort(axis=1).argsort(axis=1)
        drawn[:, own] = ranks < wanted[:, [image]]
    return drawn


def random_sets(
    free: NDArray[np.intp], size: int, count: int, total: int, dice: np.random.Generator
) -> Hands:
    """`count` sets of `size` of the rows `free`, without replacement within a set; (count, total)."""
    sets = np.zeros((count, total), bool)
    picked = dice.random((count, len(free))).argsort(axis=1)[:, :size]
    sets[np.arange(count)[:, None], free[picked]] = True
    return sets
