"""From photos to their regions."""

from collections.abc import Iterator, Sequence
from time import perf_counter

from PIL import Image
from torch import Tensor

from analysis.networks.errors import suggestion
from analysis.networks.network import Network
from analysis.regions.batches import largest_fitting
from analysis.regions.capture import Capture
from analysis.regions.measuring import measured
from analysis.regions.passes import captured, found_layers, network_inputs
from analysis.regions.results import ImageRegions, Seconds
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
        NetworkError: the network gives values that are not numbers, or memory is too small.

    Example:
        >>> from pathlib import Path
        >>> from analysis.networks import load_network
        >>> from analysis.networks.photos import read_photo
        >>> photo = read_photo(Path("labeling/demo/photos/panda.jpg")).image
        >>> found = explain(load_network("efficientnet_lite0"), photo, RegionSettings(effects=False))
        >>> found.class_name, len(found.layers)
        ('giant panda', 9)
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
    return list(_explained(network, photos, classes, layers, settings))


def _explained(
    network: Network,
    photos: Sequence[Image.Image],
    classes: Sequence[int | None],
    layers: Sequence[str],
    settings: RegionSettings,
) -> Iterator[ImageRegions]:
    start = 0
    while start < len(photos):
        began = perf_counter()

        def work(size: int, start: int = start) -> tuple[Tensor, Capture]:
            part = slice(start, start + size)
            inputs = network_inputs(network, photos[part])
            return inputs, captured(network, inputs, classes[part], layers, settings)

        inputs, one_pass = largest_fitting(network.module, "photos", settings.photos_at_once, work)
        seconds = (perf_counter() - began) / len(inputs)
        for place in range(len(inputs)):
            yield _one_photo(network, settings, inputs[place], one_pass, place, seconds)
        start += len(inputs)


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
    network: Network, settings: RegionSettings, photo: Tensor, one_pass: Capture, place: int, seconds: float
) -> ImageRegions:
    began = perf_counter()
    layers = found_layers(network, settings, photo, one_pass, place)
    logits = one_pass.logits[place].cpu().double()
    index, predicted = int(one_pass.classes[place]), int(logits.argmax())
    probabilities = logits.softmax(dim=0)
    found = ImageRegions(
        class_index=index,
        class_name=network.class_names[index],
        probability=float(probabilities[index]),
        logit=float(logits[index]),
        predicted_index=predicted,
        predicted_name=network.class_names[predicted],
        predicted_probability=float(probabilities[predicted]),
        layers=layers,
        seconds=Seconds(seconds, perf_counter() - began, 0.0, 0.0),
    )
    return measured(network, photo, found, settings)
