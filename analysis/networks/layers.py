"""The layers of a network: every module call that gives feature maps, named as people write it."""

from collections import Counter
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from analysis.networks.calls import calls_watched, named_parts
from analysis.networks.forms import Form, FormsSeen
from analysis.networks.frozen import frozen
from analysis.networks.nested import version_of
from analysis.networks.structure import has_convolution, is_block, is_container


@dataclass(frozen=True, slots=True)
class Layer:
    """One call of a module that gives feature maps.

    Attributes:
        name: the module's name as in `named_modules()`, with `#1`, `#2` where it is called several times.
        module: the module.
        form: how its output holds maps.
    """

    name: str
    module: nn.Module
    form: Form


def split_name(layer: str) -> tuple[str, int]:
    """`relu#2` as the module's name and the number of its call, which is 1 where none is written."""
    name, mark, call = layer.rpartition("#")
    return (name, int(call)) if mark and call.isdigit() else (layer, 1)


def find_layers(module: nn.Module, example: Tensor) -> tuple[Layer, ...]:
    """List the layers in the order in which they finish, by running `module` once.

    A layer gives maps of more than one pixel for each photo, see `forms`; two photos tell this from tables
    that all photos share, and from windows that are counted as rows. A tensor that several modules return is
    listed once, see `_listed`. Two tensors are the same only where no in-place operation lies between them.

    Args:
        module: the network.
        example: one input, (1, 3, H, W).
    """
    photos = example.repeat(2, 1, 1, 1)
    parts, forms = named_parts(module), FormsSeen(photos)
    groups: dict[tuple[object, ...], list[tuple[str, int]]] = {}
    outputs: list[Tensor] = []  # one of each group, kept so that no two share an address
    counts: Counter[str] = Counter()

    def on_call(name: str, call: int, output: object) -> None:
        counts[name] = call
        forms.see(parts[name], output)
        if isinstance(output, Tensor) and output.ndim in (3, 4) and len(output) == len(photos):
            identity = (output.data_ptr(), tuple(output.shape), output.stride(), version_of(output))
            if identity not in groups:
                groups[identity] = []
                outputs.append(output)
            groups[identity].append((name, call))

    with frozen(module), torch.inference_mode(False), torch.no_grad(), calls_watched(parts, on_call):
        module(photos)
    found: list[Layer] = []
    for group, output in zip(groups.values(), outputs, strict=True):
        form, (name, call) = forms.form(output), _listed(group, parts | {"": module})
        if form is not None:
            found.append(Layer(f"{name}#{call}" if counts[name] > 1 else name, parts[name], form))
    return tuple(found)


def _listed(group: list[tuple[str, int]], modules: dict[str, nn.Module]) -> tuple[str, int]:
    """Choose the name of a tensor that several modules return.

    A plain container only passes on what its last child gives, so the child is named; a block that computes
    something of its own (a residual block, whose last step may be a shared activation) gives its own name.
    An encoder or a backbone that passes on what its last block gives is no block, so the block is named: of
    blocks inside of blocks the outermost, but with transformers, whose encoders look like blocks, the
    innermost.
    """
    first = group[0]
    around = [one for one in group[1:] if first[0].startswith(f"{one[0]}.")]
    around = [first, *(one for one in around if not isinstance(modules[one[0]], nn.Sequential))]
    blocks = [one for one in around if _is_held(one[0], modules) and is_block(modules[one[0]])]
    if not blocks:
        return around[-1]
    return blocks[-1] if has_convolution(modules[blocks[0][0]]) else blocks[0]


def _is_held(name: str, modules: dict[str, nn.Module]) -> bool:
    """Whether a module is one of those in a plain container."""
    return is_container(modules[name.rpartition(".")[0]])
