"""What regions cost, and how faithful they are. Prints a table; asserts no times."""

from collections.abc import Callable
from pathlib import Path
from statistics import mean
from time import perf_counter

import pytest
import torch

from analysis.networks import load_network
from analysis.networks.network import Network
from analysis.networks.photos import read_photo
from analysis.regions import explain
from analysis.regions.capture import capture
from analysis.regions.faithful import layer_regions
from analysis.regions.fidelity import fidelity
from analysis.regions.results import LayerRegions
from analysis.regions.settings import RegionSettings

PHOTOS = Path(__file__).parents[2] / "labeling" / "demo" / "photos"
NAMES = ("panda", "scarlet_macaw", "hedgehog", "neuschwanstein_castle", "koala", "chameleon")
REPEATS = 7


def fastest(work: Callable[[], object]) -> float:
    """The least of several wall times: the one that other programs disturbed least."""
    times = []
    for _ in range(REPEATS):
        began = perf_counter()
        work()
        times.append(perf_counter() - began)
    return min(times)


def one_pass(network: Network, photo: torch.Tensor) -> None:
    """One forward, and one backward to the default layers, with nothing around it."""
    module = network.module
    kept: list[torch.Tensor] = []

    def keep(_module: torch.nn.Module, _inputs: object, output: torch.Tensor) -> torch.Tensor:
        kept.append(output if output.requires_grad else output.requires_grad_())
        return kept[-1]

    handles = [module.get_submodule(name).register_forward_hook(keep) for name in network.default_layers]
    torch.autograd.grad(module(photo).max(), kept)
    for handle in handles:
        handle.remove()


def all_regions(network: Network, photo: torch.Tensor) -> list[LayerRegions]:
    """From the network's input to the regions of its default layers, without effects."""
    captured = capture(network.module, photo, network.default_layers)
    return [
        layer_regions(
            name, maps[0].numpy(), captured.gradients[name][0].numpy(), RegionSettings(), photo.shape[-1]
        )
        for name, maps in captured.activations.items()
    ]


@pytest.mark.benchmark_table
def test_cost_and_fidelity_of_regions() -> None:
    torch.set_num_threads(1)
    network = load_network("efficientnet_lite0")
    photos = [read_photo(PHOTOS / f"{name}.jpg").image for name in NAMES]
    first = network.preprocessing.tensor(photos[0])[None]
    baseline = fastest(lambda: one_pass(network, first))
    capturing = fastest(lambda: capture(network.module, first, network.default_layers))
    regions = fastest(lambda: all_regions(network, first))
    complete = fastest(lambda: explain(network, photos[0]))
    layers = [layer for photo in photos for layer in explain(network, photo).layers]
    scores = [score for score in map(fidelity, layers) if score is not None]
    print(f"\nEfficientNet-Lite0, {len(network.default_layers)} layers, one photo, one thread")
    for what, seconds in (
        ("forward + backward", baseline),
        ("capture", capturing),
        ("capture, clustering, merging", regions),
        ("photo to regions, with effects", complete),
    ):
        print(f"{what:<32} {seconds * 1000:7.1f} ms {seconds / baseline:6.2f} x")
    print(f"mean fidelity over {len(scores)} layers of {len(photos)} photos: {mean(scores):.3f}")
