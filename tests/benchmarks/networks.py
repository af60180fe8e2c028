"""What is measured: networks, photos, and the plain pass that everything is compared with."""

import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import torch
import torchvision
from PIL import Image
from torch import Tensor, nn

from analysis.networks import load_network
from analysis.networks.layers import split_name
from analysis.networks.network import Network, build_network
from analysis.networks.photos import read_photo
from analysis.networks.preprocessing import Preprocessing

PHOTOS = Path(__file__).parents[2] / "labeling" / "demo" / "photos"
IMAGENET = Preprocessing(256, 224, "bilinear", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
REPEATS = int(os.environ.get("GLIMPSE_BENCH_REPEATS", "3"))
EVERY = int(os.environ.get("GLIMPSE_BENCH_EVERY", "5"))  # every fifth demo photo; 1 takes all forty
WITH_WEIGHTS = ("efficientnet_lite0", "squeezenet1_1")


@cache
def network(name: str) -> Network:
    """A network with its packaged weights, or one of torchvision's with random ones."""
    if name in WITH_WEIGHTS:
        return load_network(name)
    torch.manual_seed(0)
    module = torchvision.models.get_model(name)
    return build_network(name, module, IMAGENET, [str(n) for n in range(1000)], torch.device("cpu"))


def photos() -> list[Image.Image]:
    """Demo photos, evenly chosen."""
    return [read_photo(path).image for path in sorted(PHOTOS.glob("*.jpg"))[::EVERY]]


def inputs(net: Network, count: int) -> Tensor:
    """The first demo photos as a batch."""
    chosen = sorted(PHOTOS.glob("*.jpg"))[:count]
    return torch.stack([net.preprocessing.tensor(read_photo(path).image) for path in chosen])


def plain_pass(net: Network, batch: Tensor) -> None:
    """One forward, and one backward to the default layers, with nothing around it."""
    kept: list[Tensor] = []

    def keep(_module: nn.Module, _inputs: object, output: Tensor) -> None:
        kept.append(output if output.requires_grad else output.requires_grad_())

    modules = [net.module.get_submodule(split_name(layer)[0]) for layer in net.default_layers]
    handles = [module.register_forward_hook(keep) for module in modules]
    try:
        torch.autograd.grad(net.module(batch.clone()).amax(dim=1).sum(), kept)
    finally:
        for handle in handles:
            handle.remove()


def fastest(*works: Callable[[], object]) -> list[float]:
    """The least CPU seconds of each work, tried in turn, so that a busy machine disturbs all alike."""
    best = [float("inf")] * len(works)
    for _ in range(REPEATS):
        for place, work in enumerate(works):
            began = time.process_time()
            work()
            best[place] = min(best[place], time.process_time() - began)
    return best
