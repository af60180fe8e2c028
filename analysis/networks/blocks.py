"""Which layers are explained when nobody names any: one output per block, the deepest nine."""

from collections.abc import Iterator, Sequence

from torch import nn

from analysis.networks.layers import Layer, split_name

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
    modules, residual, dense and inception blocks. A network without any, such as VGG, gives the activation
    after each convolution instead.
    """
    blocks = set(_blocks(module))
    names = [layer.name for layer in layers if split_name(layer.name)[0] in blocks]
    return tuple((names or list(_convolution_outputs(layers)))[-DEPTH:])


def _blocks(module: nn.Module, prefix: str = "") -> Iterator[str]:
    for name, child in module.named_children():
        path = f"{prefix}{name}"
        if isinstance(child, nn.Sequential) or type(child) in (nn.ModuleList, nn.ModuleDict):
            yield from _blocks(child, f"{path}.")
        elif _is_block(child):
            yield path


def _is_block(module: nn.Module) -> bool:
    """Whether a module has convolutions among its parts; a convolution with its own padding is none."""
    parts = list(module.modules())[1:]
    return not isinstance(module, nn.Conv2d) and any(isinstance(part, nn.Conv2d) for part in parts)


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
