"""What a preset is made of: one choice for each step from maps and gradients to regions."""

from dataclasses import dataclass, fields
from typing import Literal, get_args

Weights = Literal["contribution", "guided", "integrated"]
Vectors = Literal["contributions", "activations"]
Distance = Literal["euclidean", "cosine", "correlation"]
Projection = Literal["none", "tsne"]
Linkage = Literal["ward", "average", "complete"]
Maps = Literal["contributions", "activations"]

CHOICES: dict[str, tuple[str, ...]] = {
    "weights": get_args(Weights),
    "vectors": get_args(Vectors),
    "distance": get_args(Distance),
    "projection": get_args(Projection),
    "linkage": get_args(Linkage),
    "maps": get_args(Maps),
}
# Lowest and highest value, both allowed.
RANGES: dict[str, tuple[float, float]] = {
    "blur": (0, 0.25),
    "min_regions": (2, 32),
    "max_regions": (2, 32),
    "sharpness": (1, 1000),
    "drop_below_heaviest": (0, 1),
    "drop_below_mean": (0, 1),
}
WHOLE = ("min_regions", "max_regions")


class SettingsError(ValueError):
    """A setting that makes no sense; the message names the allowed values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The steps of one preset. Units: shares, 0..1.

    Attributes:
        weights: what a map says for the class. `contribution` is gradient x activation; `guided` the mean of
            the positive gradient where the map is positive (arXiv 2405.03301); `integrated` is gradient x
            activation with the gradient averaged along the path from zero to the layer's activation.
        vectors: what maps are compared by: where they contribute, or where they are active.
        distance: between the maps of a layer, each scaled to [0, 1]: `euclidean`, or the same after scaling
            to length 1 (`cosine`), or after centring and then scaling to length 1 (`correlation`).
        projection: `tsne` clusters the maps on a t-SNE plane, as published; `none` as they are.
        linkage: how the agglomerative tree joins clusters.
        min_regions: fewest clusters tried for each sign; 2..max_regions.
        max_regions: most clusters tried for each sign; min_regions..32.
        blur: contributions are smoothed by a Gaussian of this standard deviation, in sides of the layer,
            at least 0.7 cells, before they are compared and shown; 0..0.25, 0 leaves them as they are.
        drop_below_heaviest: a cluster lighter than this share of its sign's heaviest is not shown; 0..1.
        drop_below_mean: likewise, of its sign's mean weight; 0..1. The greater of both bounds counts.
        maps: what a region shows: contributions, shared between regions by likeness, see `shared_maps`; or
            the weighted mean of its maps' raw activations.
        sharpness: exponent of the likeness by which contributions are shared, 1..1000; the greater, the less
            does a region show of maps that are not its own.

    Raises:
        SettingsError: a value that is none of these.
    """

    weights: Weights
    vectors: Vectors
    blur: float
    distance: Distance
    projection: Projection
    linkage: Linkage
    min_regions: int
    max_regions: int
    drop_below_heaviest: float
    drop_below_mean: float
    maps: Maps
    sharpness: float

    def __post_init__(self) -> None:
        for field in fields(self):
            check_choice(field.name, getattr(self, field.name))
        if self.min_regions > self.max_regions:
            raise SettingsError(
                f"min_regions must be at most max_regions ({self.max_regions}), not {self.min_regions}."
            )


def check_choice(name: str, value: object) -> None:
    """Refuse a value that the recipe's field `name` does not allow.

    Raises:
        SettingsError: naming the allowed ones.
    """
    if name in CHOICES:
        if value not in CHOICES[name]:
            raise SettingsError(f"{name} must be {' or '.join(CHOICES[name])}, not {value!r}.")
        return
    low, high = RANGES[name]
    kind = "whole number" if name in WHOLE else "number"
    wrong = SettingsError(f"{name} must be a {kind} from {low} to {high}, not {value!r}.")
    if name in WHOLE and type(value) is not int:
        raise wrong
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise wrong
