"""What concept tests are made from: one layer of one class, and the regions in it that carry labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LabelledRegions:
    """A label's group by number and name, and the regions of one layer that carry it; others are left out."""

    group: int
    name: str
    regions: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class LayerEvidence:
    """One layer as one class sees it. The order of rows changes nothing.

    The regions are those that could carry a label: described by people, of one sign. Among them, and best all
    of the class's own images, are a label's random sets; with regions of other classes the test would find
    what tells the classes apart instead of what the label names.

    Attributes:
        layer: its name.
        regions: (M,) int, numbers of regions, each once.
        images: (M,) int, the image of each.
        vectors: (M, K) float, what the layer does at each, see `pooled`.
        class_images: (N,) int, numbers of the class's images, each once.
        gradients: (N, K) float, of the class's logit on each of these, see `pooled_gradients`.
        labels: any order, each group once.

    Raises:
        ValueError: shapes that do not fit each other, numbers given twice or not finite, a label on a region
            that there is not.
    """

    layer: str
    regions: NDArray[np.integer]
    images: NDArray[np.integer]
    vectors: NDArray[np.floating]
    class_images: NDArray[np.integer]
    gradients: NDArray[np.floating]
    labels: Sequence[LabelledRegions]

    def __post_init__(self) -> None:
        tables = (self.vectors, self.gradients)
        if any(table.ndim != 2 for table in tables) or len({table.shape[1] for table in tables}) != 1:
            raise ValueError("vectors and gradients must be tables of as many columns")
        if self.regions.shape != (len(self.vectors),) or self.images.shape != self.regions.shape:
            raise ValueError("each vector needs the number of its region and of its image")
        if self.class_images.shape != (len(self.gradients),):
            raise ValueError("each gradient needs the number of its image")
        if not all(np.isfinite(table).all() for table in tables):
            raise ValueError(f"activations or gradients of {self.layer} are not finite")
        groups = [label.group for label in self.labels]
        for numbers in (self.regions.tolist(), self.class_images.tolist(), groups):
            if len(set(numbers)) != len(numbers):
                raise ValueError("regions, images of the class and groups may each be given once")
        if unknown := set().union(*(label.regions for label in self.labels)) - set(self.regions.tolist()):
            raise ValueError(f"labels of unknown regions: {sorted(unknown)}")

    def carries(self, label: LabelledRegions) -> NDArray[np.bool_]:
        """Which of the regions carry a label, (M,)."""
        return np.isin(self.regions, list(label.regions))

    def in_order(self) -> "LayerEvidence":
        """The same with rows by ascending number, so that draws do not depend on the order given."""
        rows, photos = np.argsort(self.regions), np.argsort(self.class_images)
        return LayerEvidence(
            self.layer,
            self.regions[rows],
            self.images[rows],
            self.vectors[rows].astype(np.float64),
            self.class_images[photos],
            self.gradients[photos].astype(np.float64),
            self.labels,
        )
