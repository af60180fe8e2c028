"""Where regions of a class's images lie."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from analysis.explanations.class_records import ImageEvidence, OutsideRegion
from analysis.explanations.mentions import NamedRegion
from analysis.explanations.outside import object_cover, outside


class Places:
    """The objects of images; what they cover is kept, as the regions of a layer share one shape."""

    def __init__(self, images: Iterable[ImageEvidence]) -> None:
        self._images = {image.image: image for image in images}
        self._covers: dict[tuple[int, tuple[int, int]], NDArray[np.float64] | None] = {}

    def judge(self, region: NamedRegion) -> OutsideRegion:
        """How much of it lies outside the object, None where that cannot be told: see `outside`.

        Raises:
            ValueError: a map that is not a table of finite numbers.
        """
        plain = region.image, region.layer, region.region_ids, region.weight
        if region.map is None:
            return OutsideRegion(*plain, None, None)
        cover = self._cover(region.image, region.map)
        lies = None if cover is None else outside(region.map, cover)
        if lies is None:
            return OutsideRegion(*plain, None, None)
        return OutsideRegion(*plain, lies.share, lies.expected)

    def _cover(self, image: int, region_map: NDArray[np.float64]) -> NDArray[np.float64] | None:
        if region_map.ndim != 2 or not region_map.size:
            raise ValueError(f"a map of image {image} is no table")
        shape = region_map.shape[0], region_map.shape[1]
        if (image, shape) not in self._covers:
            self._covers[image, shape] = object_cover(self._images[image], shape)
        return self._covers[image, shape]
