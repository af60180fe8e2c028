"""The network that everything else works with."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from analysis.networks.blocks import dead_layers, default_layers
from analysis.networks.classes import check_names
from analysis.networks.errors import NetworkError
from analysis.networks.frozen import frozen
from analysis.networks.layers import find_layers
from analysis.networks.nested import tensors_in
from analysis.networks.outputs import logits_of
from analysis.networks.preprocessing import Preprocessing


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A classifier that is ready to be looked into.

    Attributes:
        name: what it was loaded by.
        module: in evaluation mode, parameters frozen; (N, 3, crop, crop) of its `input_type` -> what holds
            logits, see `outputs`.
        preprocessing: from photo to input.
        class_names: C names; a class is its index, names may repeat.
        layers: names of all layers that give maps, see `forms`, in the order in which they finish.
        default_layers: the explained ones when nobody names any, shallow to deep.
        digest: sha256 of the state dict's names, types, shapes and bytes, hex.
        device: where the module is.
    """

    name: str
    module: nn.Module
    preprocessing: Preprocessing
    class_names: tuple[str, ...]
    layers: tuple[str, ...]
    default_layers: tuple[str, ...]
    digest: str
    device: torch.device


def build_network(
    name: str,
    module: nn.Module,
    preprocessing: Preprocessing,
    class_names: Sequence[str],
    device: torch.device,
) -> Network:
    """Freeze a module, find its layers, and check that it is a classifier with one name for each class.

    Raises:
        NetworkError: it is scripted, does not run on its input, gives no logits (N, C) or no feature maps, or
            the number of class names is another one than that of its logits.
    """
    check_names(class_names)
    if isinstance(module, torch.jit.ScriptModule):
        raise NetworkError("A scripted network cannot be looked into. Give the module that it was made from.")
    module = module.eval().requires_grad_(False).to(device)
    side = preprocessing.crop
    example = torch.zeros(1, 3, side, side, dtype=input_type(module), device=device)
    _check_logits(name, module, example, len(class_names))
    layers = find_layers(module, example)
    if not layers:
        raise NetworkError(
            f"{name} has no layer with feature maps. Use a convolutional network or a vision transformer."
        )
    dead = dead_layers(module, example[0], layers, len(class_names))
    return Network(
        name=name,
        module=module,
        preprocessing=preprocessing,
        class_names=tuple(class_names),
        layers=tuple(layer.name for layer in layers),
        default_layers=default_layers(module, [layer for layer in layers if layer.name not in dead]),
        digest=state_digest(module),
        device=device,
    )


def state_digest(module: nn.Module) -> str:
    """Sha256 over every entry of the state dict: name, type, shape, bytes; `repr` of what is no tensor."""
    digest = hashlib.sha256()
    for key, value in module.state_dict().items():
        if not isinstance(value, Tensor):  # of quantised modules, or a module's own extra state
            digest.update(f"{key} {value!r}\n".encode())
        for one in tensors_in(value):
            digest.update(f"{key} {one.dtype} {tuple(one.shape)}\n".encode())
            plain = one.detach().dequantize() if one.is_quantized else one.detach()
            digest.update(plain.cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def input_type(module: nn.Module) -> torch.dtype:
    """The floating point type that a network works in: that of its first parameter, else float32."""
    types = (parameter.dtype for parameter in module.parameters() if parameter.is_floating_point())
    return next(types, torch.float32)


def _check_logits(name: str, module: nn.Module, example: Tensor, classes: int) -> None:
    try:
        with frozen(module), torch.no_grad():
            output: object = module(example.repeat(2, 1, 1, 1))
    except Exception as error:  # somebody else's code
        side = example.shape[-1]
        raise NetworkError(
            f"{name} does not run on a {side} x {side} photo. Check its preprocessing."
        ) from error
    logits = logits_of(output, classes)
    if len(logits) != 2:
        raise NetworkError(f"{name} does not give one row of logits per photo. Use a classifier.")
