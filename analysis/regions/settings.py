"""How regions are computed, refused at once where it makes no sense."""

from dataclasses import dataclass, fields
from typing import Literal, get_args

from analysis.regions.presets.faithful import FAITHFUL
from analysis.regions.presets.integrated import INTEGRATED
from analysis.regions.presets.paper import PAPER
from analysis.regions.recipe import (
    Distance,
    Linkage,
    Maps,
    Projection,
    Recipe,
    SettingsError,
    Vectors,
    Weights,
    check_choice,
)

__all__ = ["PRESETS", "Precision", "Preset", "RegionSettings", "SettingsError"]

Preset = Literal["faithful", "paper", "integrated"]
Precision = Literal["float32", "mixed"]
PRESETS: dict[str, Recipe] = {"faithful": FAITHFUL, "paper": PAPER, "integrated": INTEGRATED}
LARGEST_BATCH = 1024
LARGEST_SEED = 2**32 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionSettings:
    """Everything that a researcher can choose about regions.

    Attributes:
        preset: `faithful` (contributions and one deterministic tree), `paper` (arXiv 2405.03301 as published)
            or `integrated` (gradients averaged along a path, complete within 1 %).
        layers: names from `Network.layers`, each once, None for `Network.default_layers`. Results come
            shallow to deep, in whatever order they are named.
        weights, vectors, blur, distance, projection, linkage, min_regions, max_regions, drop_below_heaviest,
            drop_below_mean, maps, sharpness: the recipe's steps, see `Recipe`; None for the preset's.
        discard: a map of a layer with K maps is left out before clustering when its share of its sign's sum
            is at most `discard / K`; from 0 to below 1. None is the published rule: 0.896, or 0.768 where
            K < 64.
        seed: of the t-SNE projection and of the noise that stability is measured with, 0..2**32 - 1. Where
            nothing is projected, regions do not depend on it.
        effects: whether to measure how far the logit drops without each region's maps.
        stability: whether to measure how much of each region's map survives small image noise.
        precision: `float32`, or `mixed`: maps and gradients come from a pass in bfloat16. Effects never do:
            they would move in steps.
        micro_batch: photos in one forward and backward pass, 1..1024, halved where memory runs out. More need
            more memory; results are the same.
        effect_batch: rows in one partial forward pass when effects are measured, 1..1024, likewise.

    Raises:
        SettingsError: a value outside these ranges.
    """

    preset: Preset = "faithful"
    layers: tuple[str, ...] | None = None
    weights: Weights | None = None
    vectors: Vectors | None = None
    blur: float | None = None
    distance: Distance | None = None
    projection: Projection | None = None
    linkage: Linkage | None = None
    min_regions: int | None = None
    max_regions: int | None = None
    drop_below_heaviest: float | None = None
    drop_below_mean: float | None = None
    maps: Maps | None = None
    sharpness: float | None = None
    discard: float | None = None
    seed: int = 0
    effects: bool = True
    stability: bool = False
    precision: Precision = "float32"
    micro_batch: int = 8
    effect_batch: int = 16

    def __post_init__(self) -> None:
        if self.preset not in get_args(Preset):
            raise SettingsError(f"preset must be {' or '.join(PRESETS)}, not {self.preset!r}.")
        if self.precision not in get_args(Precision):
            raise SettingsError(f"precision must be float32 or mixed, not {self.precision!r}.")
        if self.layers is not None:
            _check_layers(self.layers)
        for step in fields(Recipe):
            if (value := getattr(self, step.name)) is not None:
                check_choice(step.name, value)
        _ = self.recipe  # refuses steps that do not fit each other
        if self.discard is not None:
            _check_discard(self.discard)
        _check_whole("seed", self.seed, 0, LARGEST_SEED)
        _check_whole("micro_batch", self.micro_batch, 1, LARGEST_BATCH)
        _check_whole("effect_batch", self.effect_batch, 1, LARGEST_BATCH)
        _check_flag("effects", self.effects)
        _check_flag("stability", self.stability)

    @property
    def photos_at_once(self) -> int:
        """Most photos in one pass: one where t-SNE would make other pictures of a batch's last bits."""
        return 1 if self.recipe.projection == "tsne" else self.micro_batch

    @property
    def recipe(self) -> Recipe:
        """The preset's steps, with those that are chosen here in their places."""
        base = PRESETS[self.preset]
        most = self.max_regions or base.max_regions
        return Recipe(
            weights=self.weights or base.weights,
            vectors=self.vectors or base.vectors,
            blur=_first(self.blur, base.blur),
            distance=self.distance or base.distance,
            projection=self.projection or base.projection,
            linkage=self.linkage or base.linkage,
            min_regions=self.min_regions or min(base.min_regions, most),
            max_regions=most,
            drop_below_heaviest=_first(self.drop_below_heaviest, base.drop_below_heaviest),
            drop_below_mean=_first(self.drop_below_mean, base.drop_below_mean),
            maps=self.maps or base.maps,
            sharpness=_first(self.sharpness, base.sharpness),
        )


def _first(chosen: float | None, usual: float) -> float:
    return usual if chosen is None else chosen


def _check_layers(layers: tuple[str, ...]) -> None:
    if type(layers) is not tuple or not layers or not all(isinstance(name, str) for name in layers):
        raise SettingsError("layers must be None or a tuple of at least one layer name.")
    if len(set(layers)) < len(layers):
        raise SettingsError("layers must name each layer once.")


def _check_discard(share: object) -> None:
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share < 1:
        raise SettingsError(f"discard must be from 0 to below 1, or None, not {share!r}.")


def _check_flag(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise SettingsError(f"{name} must be True or False, not {value!r}.")


def _check_whole(name: str, value: int, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
