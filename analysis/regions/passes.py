"""One pass of a network over photos, and the regions of the layers that it shows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from PIL import Image
from torch import Tensor

from analysis.networks.network import Network, input_type
from analysis.networks.replay import replaying
from analysis.regions.batches import largest_fitting
from analysis.regions.capture import Capture, capture
from analysis.regions.finding import layer_regions
from analysis.regions.path import path_gradient
from analysis.regions.results import LayerRegions
from analysis.regions.settings import RegionSettings


def network_inputs(network: Network, photos: Sequence[Image.Image]) -> Tensor:
    """Preprocessed photos on the network's device and of its type, (N, 3, H, W)."""
    batch = torch.stack([network.preprocessing.tensor(photo) for photo in photos])
    if network.device.type == "cuda":
        batch = batch.pin_memory()
    return batch.to(network.device, non_blocking=True).to(input_type(network.module))


@contextmanager
def one_thread(device: torch.device) -> Iterator[None]:
    """One CPU thread, so that results do not depend on how many there are.

    How a sum is split among threads decides its last bit, and where a unit lies at the bend of its activation
    the last bit decides its gradient.
    """
    threads = torch.get_num_threads()
    changed = device.type == "cpu" and threads > 1
    try:
        if changed:
            torch.set_num_threads(1)
        yield
    finally:
        if changed:
            torch.set_num_threads(threads)


def captured(
    network: Network,
    inputs: Tensor,
    classes: Sequence[int | None],
    layers: Sequence[str],
    settings: RegionSettings,
) -> Capture:
    """Logits, maps and gradients of photos, in the precision of the settings; see `capture`."""
    mixed = settings.precision == "mixed"
    with one_thread(network.device), torch.autocast(network.device.type, torch.bfloat16, enabled=mixed):
        return capture(network.module, inputs, layers, classes, class_count=len(network.class_names))


def found_layers(
    network: Network, settings: RegionSettings, photo: Tensor, one_pass: Capture, place: int
) -> tuple[LayerRegions, ...]:
    """The regions of each captured layer for the photo at `place` of a pass.

    Args:
        network: the network.
        settings: recipe and thresholds.
        photo: (3, H, W), its input.
        one_pass: what it shows.
        place: the photo's row there.
    """
    with one_thread(network.device):
        activations = {name: maps[place].float() for name, maps in one_pass.activations.items()}
        if settings.recipe.weights == "integrated":
            gradients = _path_gradients(network, settings, photo, activations, int(one_pass.classes[place]))
        else:
            gradients = {name: slopes[place].float() for name, slopes in one_pass.gradients.items()}
        side = network.preprocessing.crop
        return tuple(
            layer_regions(name, activation, gradients[name], settings, side)
            for name, activation in activations.items()
        )


def _path_gradients(
    network: Network,
    settings: RegionSettings,
    photo: Tensor,
    activations: Mapping[str, Tensor],
    class_index: int,
) -> dict[str, Tensor]:
    with replaying(network.module, photo, list(activations), len(network.class_names)) as replay:

        def work(batch: int) -> dict[str, Tensor]:
            return {
                name: path_gradient(replay, name, activation, class_index, batch)
                for name, activation in activations.items()
            }

        return largest_fitting(network.module, "rows", settings.effect_batch, work)
