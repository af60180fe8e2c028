"""The layers of a network: every module call that gives feature maps, named as people write it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from analysis.networks.frozen import frozen


@dataclass(frozen=True, slots=True)
class Layer:
    """One call of a module that gives feature maps.

    Attributes:
        name: the module's name as in `named_modules()`, with `#1`, `#2` where it is called several times.
        module: the module.
    """

    name: str
    module: nn.Module


class OnCall(Protocol):
    """What `calls_watched` does at every module call; a tensor that it returns replaces the output."""

    def __call__(self, name: str, call: int, output: object) -> Tensor | None: ...


@contextmanager
def calls_watched(modules: dict[str, nn.Module], on_call: OnCall) -> Iterator[None]:
    """Report every call of the named modules during one forward pass; the first call is 1.

    The hooks are gone afterwards, whatever happens in between.
    """
    counts: Counter[str] = Counter()

    def hook_for(name: str) -> RemovableHandle:
        def hook(_module: nn.Module, _inputs: tuple[object, ...], output: object) -> Tensor | None:
            counts[name] += 1
            return on_call(name, counts[name], output)

        return modules[name].register_forward_hook(hook)

    handles: list[RemovableHandle] = []
    try:
        handles.extend(hook_for(name) for name in modules)
        yield
    finally:
        for handle in handles:
            handle.remove()


def split_name(layer: str) -> tuple[str, int]:
    """`relu#2` as the module's name and the number of its call, which is 1 where none is written."""
    name, mark, call = layer.rpartition("#")
    return (name, int(call)) if mark and call.isdigit() else (layer, 1)


def find_layers(module: nn.Module, example: Tensor) -> tuple[Layer, ...]:
    """List the layers in the order in which they finish, by running `module` once.

    A layer gives a tensor (N, K, h, w) of more than one pixel. A tensor that several modules return is
    listed once, see `_listed`. Two tensors are the same only where no in-place operation lies between them.

    Args:
        module: the network.
        example: one input, (1, 3, H, W).
    """
    modules = {name: part for name, part in module.named_modules() if name}
    groups: dict[tuple[object, ...], list[tuple[str, int]]] = {}
    kept_alive: list[Tensor] = []  # so that no two tensors share an address
    counts: Counter[str] = Counter()

    def on_call(name: str, call: int, output: object) -> None:
        counts[name] = call
        if isinstance(output, Tensor) and output.ndim == 4 and output.shape[2] * output.shape[3] > 1:
            kept_alive.append(output)
            identity = (output.data_ptr(), tuple(output.shape), output.stride(), output._version)
            groups.setdefault(identity, []).append((name, call))

    with frozen(module), torch.inference_mode(False), torch.no_grad(), calls_watched(modules, on_call):
        module(example)
    listed = (_listed(group, modules) for group in groups.values())
    return tuple(
        Layer(f"{name}#{call}" if counts[name] > 1 else name, modules[name]) for name, call in listed
    )


def _listed(group: list[tuple[str, int]], modules: dict[str, nn.Module]) -> tuple[str, int]:
    """Choose the name of a tensor that several modules return.

    A plain container only passes on what its last child gives, so the child is named; a block that computes
    something of its own (a residual block, whose last step may be a shared activation) gives its own name.
    """
    chosen = group[0]
    for name, call in group[1:]:
        if chosen[0].startswith(f"{name}.") and not isinstance(modules[name], nn.Sequential):
            chosen = (name, call)
    return chosen
