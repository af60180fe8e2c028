"""From photos to their regions."""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

import torch
from PIL import Image
from torch import Tensor

from analysis.networks.errors import suggestion
from analysis.networks.network import Network
from analysis.regions.capture import Capture, capture
from analysis.regions.effects import measure_effects
from analysis.regions.faithful import layer_regions
from analysis.regions.results import ImageRegions, LayerRegions, Seconds
from analysis.regions.settings import RegionSettings, SettingsError

DEFAULT = RegionSettings()


def explain(
    network: Network,
    photo: Image.Image,
    settings: RegionSettings = DEFAULT,
    *,
    class_index: int | None = None,
) -> ImageRegions:
    """Find the regions of one photo.

    Args:
        network: from `load_network`.
        photo: RGB, any size, upright (`read_photo(...).image`).
        settings: what to compute.
        class_index: the class to explain, None for the predicted one.

    Raises:
        SettingsError: a layer or class that the network does not have.
        NetworkError: the network gives values that are not numbers.
    """
    return explain_batch(network, [photo], settings, class_indices=[class_index])[0]


def explain_batch(
    network: Network,
    photos: Sequence[Image.Image],
    settings: RegionSettings = DEFAULT,
    *,
    class_indices: Sequence[int | None] | None = None,
) -> list[ImageRegions]:
    """Find the regions of several photos, whose results do not depend on each other.

    Photos of one micro batch share a forward and a backward pass. See `explain` for arguments and errors.
    """
    layers = _chosen_layers(network, settings)
    classes = [None] * len(photos) if class_indices is None else list(class_indices)
    _check_classes(network, classes, len(photos))
    results: list[ImageRegions] = []
    for start in range(0, len(photos), settings.micro_batch):
        part = slice(start, start + settings.micro_batch)
        began = perf_counter()
        inputs = torch.stack([network.preprocessing.tensor(photo) for photo in photos[part]]).to(
            network.device
        )
        captured = capture(network.module, inputs, layers, classes[part])
        seconds = (perf_counter() - began) / len(inputs)
        results.extend(
            _one_photo(network, settings, inputs, captured, place, seconds) for place in range(len(inputs))
        )
    return results


def _chosen_layers(network: Network, settings: RegionSettings) -> tuple[str, ...]:
    """The layers to explain, shallow to deep."""
    if settings.layers is None:
        return network.default_layers
    for name in settings.layers:
        if name not in network.layers:
            near = suggestion(name, network.layers)
            raise SettingsError(
                f"{network.name} has no layer {name}.{near} "
                f"Its default layers are {', '.join(network.default_layers)}."
            )
    return tuple(name for name in network.layers if name in settings.layers)


def _check_classes(network: Network, classes: Sequence[int | None], photos: int) -> None:
    if len(classes) != photos:
        raise SettingsError(f"There are {photos} photos, but {len(classes)} classes to explain.")
    count = len(network.class_names)
    for index in classes:
        if index is not None and not 0 <= index < count:
            raise SettingsError(f"{network.name} has no class {index}: its classes are 0 to {count - 1}.")


def _one_photo(
    network: Network, settings: RegionSettings, inputs: Tensor, captured: Capture, place: int, seconds: float
) -> ImageRegions:
    began = perf_counter()
    layers = [
        layer_regions(
            name,
            maps[place].cpu().numpy(),
            captured.gradients[name][place].cpu().numpy(),
            settings,
            network.preprocessing.crop,
        )
        for name, maps in captured.activations.items()
    ]
    clustered = perf_counter()
    if settings.effects:
        layers = [_with_effects(network, settings, inputs, captured, place, layer) for layer in layers]
    logits = captured.logits[place].cpu().double()
    index = int(captured.classes[place])
    return ImageRegions(
        class_index=index,
        class_name=network.class_names[index],
        probability=float(logits.softmax(dim=0)[index]),
        logit=float(logits[index]),
        layers=tuple(layers),
        seconds=Seconds(seconds, clustered - began, perf_counter() - clustered),
    )


def _with_effects(
    network: Network,
    settings: RegionSettings,
    inputs: Tensor,
    captured: Capture,
    place: int,
    layer: LayerRegions,
) -> LayerRegions:
    effects = measure_effects(
        network.module,
        layer.name,
        inputs[place],
        captured.activations[layer.name][place],
        int(captured.classes[place]),
        [region.map_indices for region in layer.regions],
        settings.effect_batch,
    )
    regions = (replace(region, effect=effect) for region, effect in zip(layer.regions, effects, strict=True))
    return replace(layer, regions=tuple(regions))
