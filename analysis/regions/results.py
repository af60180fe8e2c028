"""What an explanation by regions consists of. Plain arrays and numbers, no tensors."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Sign = Literal["supports", "opposes"]


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Feature maps of one layer that light up together, merged.

    Attributes:
        index: its place in `LayerRegions.regions`.
        weight: share of the layer's evidence, (0, 1], positive for both signs.
        sign: whether its maps speak for or against the explained class.
        effect: measured drop of the class logit when its maps are zeroed, None where it was not measured.
        stability: how much of its map survives small image noise, -1..1, see `stabilities`; None where
            it was not measured.
        map_indices: its feature maps, ascending channel numbers.
        map: (h, w) float32, layer resolution, what the region shows: see `Recipe.maps`.
        area: share of the crop where the map, scaled to it and to [0, 1], is at least 0.5; 0..1.
        mean_activation: mean of its feature maps' activations over maps and pixels.
    """

    index: int
    weight: float
    sign: Sign
    effect: float | None
    stability: float | None
    map_indices: tuple[int, ...] = field(repr=False)
    map: NDArray[np.float32] = field(repr=False)
    area: float
    mean_activation: float

    @property
    def maps(self) -> int:
        """How many feature maps it merges."""
        return len(self.map_indices)


@dataclass(frozen=True, slots=True, eq=False)
class LayerRegions:
    """The regions of one layer. `kept + dropped + discarded + opposing` is 1.

    Attributes:
        name: the layer.
        channels: how many feature maps it has, K.
        kept: share of the evidence in the supporting regions shown.
        dropped: share in supporting clusters too light to show.
        discarded: share in supporting maps too light to cluster.
        opposing: share in maps that speak against the class, shown or not.
        clusters: how many supporting clusters were found, k, shown or not.
        silhouette: their mean silhouette, -1..1, None where there were too few maps to cluster.
        regions: supporting ones first, each sign by descending weight.
    """

    name: str
    channels: int
    kept: float
    dropped: float
    discarded: float
    opposing: float
    clusters: int
    silhouette: float | None
    regions: tuple[Region, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall time of one photo; in a batch, its part of what is done for several at once."""

    capture: float
    clustering: float
    effect: float
    stability: float


@dataclass(frozen=True, slots=True, eq=False)
class ImageRegions:
    """The regions of one photo.

    Attributes:
        class_index: the explained class; its identity.
        class_name: its name, which other classes may share.
        probability: softmax over the logits, 0..1.
        logit: the explained class's logit.
        predicted_index: the class of the greatest logit.
        predicted_name: its name.
        predicted_probability: its probability.
        layers: shallow to deep.
        seconds: what it cost.
    """

    class_index: int
    class_name: str
    probability: float
    logit: float
    predicted_index: int
    predicted_name: str
    predicted_probability: float
    layers: tuple[LayerRegions, ...]
    seconds: Seconds
