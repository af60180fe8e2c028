"""Which layers are explained when nobody names any: one output per block, the deepest nine."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from analysis.networks.layers import Layer, split_name
from analysis.networks.replay import replaying
from analysis.networks.structure import has_convolution, is_block, is_container

DEPTH = 9
ACTIVATIONS = (
    nn.ReLU,
    nn.ReLU6,
    nn.LeakyReLU,
    nn.PReLU,
    nn.ELU,
    nn.SELU,
    nn.GELU,
    nn.SiLU,
    nn.Mish,
    nn.Hardswish,
)


def default_layers(module: nn.Module, layers: Sequence[Layer]) -> tuple[str, ...]:
    """The last nine block outputs in the order of `layers`, or all where there are fewer.

    Blocks are what a network's plain containers hold: `_blocks.i` of EfficientNet-Lite, SqueezeNet's fire
    modules, residual, dense and inception blocks, a transformer's encoder blocks. A network without any, such
    as VGG, gives the activation after each convolution instead.
    """
    known = {split_name(layer.name)[0] for layer in layers}
    blocks = set(_blocks_with_maps(module, known))
    names = [layer.name for layer in layers if split_name(layer.name)[0] in blocks]
    return tuple((names or list(_convolution_outputs(layers)))[-DEPTH:])


def dead_layers(module: nn.Module, photo: Tensor, layers: Sequence[Layer], classes: int) -> set[str]:
    """Block outputs that the logits do not depend on.

    A class token is all that the head of some transformers reads: what their last block says about the places
    of the photo is never looked at. So only layers with leading tokens are tried, by setting maps to zero.

    Args:
        module: the network.
        photo: (3, H, W), any.
        layers: all layers.
        classes: the number of classes.
    """
    blocks = set(default_layers(module, layers))
    tried = [layer.name for layer in layers if layer.name in blocks and layer.form.leading]
    if not tried:
        return set()
    with replaying(module, photo, tried, classes) as replay, torch.inference_mode():
        dead = {
            name
            for name in tried
            if torch.equal(replay.run(name, torch.zeros_like(replay.maps(name))), replay.logits)
        }
    return dead if len(dead) < len(tried) else set()


def _blocks_with_maps(module: nn.Module, known: set[str], prefix: str = "") -> list[str]:
    """The blocks that are layers; where none is, what is inside of them, as a network may be wrapped."""
    found = dict(_blocks(module, prefix))
    with_maps = [path for path in found if path in known]
    if with_maps:
        return with_maps
    return [inner for path, part in found.items() for inner in _blocks_with_maps(part, known, f"{path}.")]


def _blocks(module: nn.Module, prefix: str = "") -> Iterator[tuple[str, nn.Module]]:
    for name, child in module.named_children():
        path = f"{prefix}{name}"
        if is_container(child):
            yield from _blocks(child, f"{path}.")
        elif is_block(child):
            inner = [] if has_convolution(child) else list(_blocks(child, f"{path}."))
            yield from inner or [(path, child)]  # a transformer's encoder holds its blocks


def _convolution_outputs(layers: Sequence[Layer]) -> Iterator[str]:
    """After each convolution its last activation before the next one, or else the convolution itself."""
    chosen: str | None = None
    for layer in layers:
        if isinstance(layer.module, nn.Conv2d):
            if chosen is not None:
                yield chosen
            chosen = layer.name
        elif chosen is not None and isinstance(layer.module, ACTIVATIONS):
            chosen = layer.name
    if chosen is not None:
        yield chosen
