"""Checks of regions that were found: what they do, and whether they stay. Each costs more than finding."""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from PIL import Image
from torch import Tensor

from analysis.networks.network import Network
from analysis.regions.batches import largest_fitting
from analysis.regions.capture import Capture
from analysis.regions.effects import measure_effects
from analysis.regions.passes import captured, found_layers, network_inputs
from analysis.regions.results import ImageRegions, LayerRegions
from analysis.regions.settings import RegionSettings
from analysis.regions.stability import noisy, stabilities


def measure(
    network: Network, photo: Image.Image, found: ImageRegions, settings: RegionSettings
) -> ImageRegions:
    """Add to regions that were found earlier what `settings` asks for: effects, stability, or both.

    Args:
        network: the one that they were found with.
        photo: the one that they were found in.
        found: the regions.
        settings: those that they were found with.

    Raises:
        NetworkError: the network gives values that are not numbers, or memory is too small.
    """
    inputs = network_inputs(network, [photo])
    return measured(network, inputs[0], found, settings)


def measured(network: Network, photo: Tensor, found: ImageRegions, settings: RegionSettings) -> ImageRegions:
    """As `measure`, for the network's input (3, H, W)."""
    if settings.effects:
        began = perf_counter()
        layers = _with_effects(network, photo, found, settings)
        found = replace(found, layers=layers, seconds=replace(found.seconds, effect=perf_counter() - began))
    if settings.stability:
        began = perf_counter()
        layers = _with_stability(network, photo, found, settings)
        found = replace(
            found, layers=layers, seconds=replace(found.seconds, stability=perf_counter() - began)
        )
    return found


def _with_effects(
    network: Network, photo: Tensor, found: ImageRegions, settings: RegionSettings
) -> tuple[LayerRegions, ...]:
    def work(batch: int) -> dict[str, list[float]]:
        return measure_effects(
            network.module,
            photo,
            found.class_index,
            {layer.name: [region.map_indices for region in layer.regions] for layer in found.layers},
            batch,
            len(network.class_names),
        )

    effects = largest_fitting(network.module, "rows", settings.effect_batch, work)
    return tuple(
        replace(
            layer,
            regions=tuple(
                replace(region, effect=effect)
                for region, effect in zip(layer.regions, effects[layer.name], strict=True)
            ),
        )
        for layer in found.layers
    )


def _with_stability(
    network: Network, photo: Tensor, found: ImageRegions, settings: RegionSettings
) -> tuple[LayerRegions, ...]:
    draws = noisy(photo, network.preprocessing.std, settings.seed)
    names = [layer.name for layer in found.layers]
    seen: list[tuple[LayerRegions, ...]] = []
    while len(seen) < len(draws):
        rest = draws[len(seen) :]

        def work(size: int, rest: Tensor = rest) -> tuple[Tensor, Capture]:
            part = rest[:size]
            return part, captured(network, part, [found.class_index] * len(part), names, settings)

        part, one_pass = largest_fitting(network.module, "photos", settings.photos_at_once, work)
        seen.extend(found_layers(network, settings, one, one_pass, place) for place, one in enumerate(part))
    return tuple(
        _stable(layer, [draw[depth] for draw in seen], network.preprocessing.crop)
        for depth, layer in enumerate(found.layers)
    )


def _stable(layer: LayerRegions, draws: Sequence[LayerRegions], side: int) -> LayerRegions:
    values = stabilities(layer, draws, side)
    regions = (replace(region, stability=value) for region, value in zip(layer.regions, values, strict=True))
    return replace(layer, regions=tuple(regions))
