"""How regions are computed, refused at once where it makes no sense."""

from dataclasses import dataclass
from typing import Literal, get_args

Preset = Literal["faithful"]
PRESETS: tuple[str, ...] = get_args(Preset)
FEWEST_REGIONS, MOST_REGIONS = 2, 32
LARGEST_BATCH = 1024


class SettingsError(ValueError):
    """A setting that makes no sense; the message names the allowed values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionSettings:
    """Everything that a researcher can choose about regions.

    Attributes:
        preset: `faithful` weighs maps by gradient x activation and clusters them with one Ward tree.
        layers: names from `Network.layers`, each once, None for `Network.default_layers`. Results come
            shallow to deep, in whatever order they are named.
        discard: a map of a layer with K maps is left out before clustering when its share of its sign's sum
            is at most `discard / K`; from 0 to below 1. None is the published rule: 0.896, or 0.768 where
            K < 64.
        min_regions: fewest clusters tried for each sign, 2..max_regions.
        max_regions: most clusters tried for each sign, min_regions..32.
        effects: whether to measure how far the logit drops without each region's maps.
        micro_batch: photos in one forward and backward pass, 1..1024. More need more memory; results are
            the same.
        effect_batch: rows in one forward pass when effects are measured, 1..1024, likewise.

    Raises:
        SettingsError: a value outside these ranges.
    """

    preset: Preset = "faithful"
    layers: tuple[str, ...] | None = None
    discard: float | None = None
    min_regions: int = 3
    max_regions: int = 8
    effects: bool = True
    micro_batch: int = 8
    effect_batch: int = 16

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise SettingsError(f"preset must be {' or '.join(PRESETS)}, not {self.preset!r}.")
        if self.layers is not None:
            self._check_layers(self.layers)
        if self.discard is not None and not 0 <= self.discard < 1:
            raise SettingsError(f"discard must be from 0 to below 1, or None, not {self.discard!r}.")
        _check_whole("max_regions", self.max_regions, FEWEST_REGIONS, MOST_REGIONS)
        _check_whole("min_regions", self.min_regions, FEWEST_REGIONS, self.max_regions)
        _check_whole("micro_batch", self.micro_batch, 1, LARGEST_BATCH)
        _check_whole("effect_batch", self.effect_batch, 1, LARGEST_BATCH)

    @staticmethod
    def _check_layers(layers: tuple[str, ...]) -> None:
        if type(layers) is not tuple or not layers:
            raise SettingsError("layers must be None or a tuple of at least one layer name.")
        if len(set(layers)) < len(layers):
            raise SettingsError("layers must name each layer once.")


def _check_whole(name: str, value: int, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
