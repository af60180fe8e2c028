"""What a local explanation is made from, and what it says."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.labels.records import RegionLabel

Sign = Literal["supports", "opposes"]
"""Whether a region speaks for the explained class or against it."""


@dataclass(frozen=True, slots=True, eq=False)
class RegionEvidence:
    """One saliency region of one image with the labels that people gave it.

    Attributes:
        region: its id, unique in the image.
        layer: name of its layer.
        weight: share of the layer's evidence, not negative, for either sign.
        sign: for or against the class.
        map: (h, w) float, at the layer's resolution.
        labels: of this region, any order; none for a region that nobody labelled.
    """

    region: int
    layer: str
    weight: float
    sign: Sign
    map: NDArray[np.floating]
    labels: tuple[RegionLabel, ...] = ()

    def __post_init__(self) -> None:
        if not (np.isfinite(self.weight) and self.weight >= 0):
            raise ValueError(f"the weight of region {self.region} must be finite and not negative")
        if any(label.region != self.region for label in self.labels):
            raise ValueError(f"a label of another region was given to region {self.region}")


@dataclass(frozen=True, slots=True)
class ExplainedLabel:
    """A label of one or several merged regions: `players` counts distinct people over all of them."""

    group: int
    name: str
    score: float
    players: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ExplainedRegion:
    """Regions of one layer and sign that share a best label, as one; `map` is (h, w) float64."""

    region_ids: tuple[int, ...]
    weight: float
    sign: Sign
    map: NDArray[np.float64]
    labels: tuple[ExplainedLabel, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LayerExplanation:
    """The regions of one layer by descending weight."""

    layer: str
    regions: tuple[ExplainedRegion, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LocalExplanation:
    """The layers of one image from deep to shallow."""

    layers: tuple[LayerExplanation, ...]
