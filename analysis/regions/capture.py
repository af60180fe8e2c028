"""Feature maps and gradients of many layers from one forward and one backward pass.

Known traps, and what is done about them: in-place activations overwrite a hooked tensor (every hook clones);
parallel branches give several tensors without gradient history (each becomes a leaf); parameter gradients
cost more than all maps (parameters are frozen); batch statistics mix photos (training mode is refused).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from analysis.networks.errors import NetworkError
from analysis.networks.frozen import frozen
from analysis.networks.layers import calls_watched, split_name


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """What one pass over N photos gives.

    Attributes:
        logits: (N, C) float32, detached.
        classes: (N,) int64, the explained classes.
        activations: by layer, (N, K, h, w), detached.
        gradients: by layer, d logit / d activation, same shapes.
    """

    logits: Tensor
    classes: Tensor
    activations: dict[str, Tensor]
    gradients: dict[str, Tensor]


def capture(
    module: nn.Module, photos: Tensor, layers: Sequence[str], classes: Sequence[int | None] | None = None
) -> Capture:
    """Run the network once forward and once backward, and leave it as it was.

    The gradient is that of sum_n logits[n, class_n]. In evaluation mode photos do not influence each other,
    so each one's gradient is that of its own logit.

    Args:
        module: the network.
        photos: (N, 3, H, W) float32 on the module's device.
        layers: names, as in `Network.layers`.
        classes: the class to explain of each photo, None for the predicted one.

    Raises:
        NetworkError: a batch norm in training mode, or values that are not finite.
    """
    modules = {name: module.get_submodule(name) for name, _ in map(split_name, layers)}
    wanted = {split_name(layer): layer for layer in layers}
    kept: dict[str, Tensor] = {}

    def keep(name: str, call: int, output: object) -> Tensor | None:
        layer = wanted.get((name, call))
        if layer is None or not isinstance(output, Tensor):
            return None
        own = output.clone() if output.requires_grad else output.detach().clone().requires_grad_()
        kept[layer] = own
        return own.clone()

    with frozen(module), torch.inference_mode(False), torch.enable_grad():
        with calls_watched(modules, keep):
            logits: Tensor = module(photos)
        chosen = _choose(logits, classes)
        score = logits.gather(1, chosen[:, None]).sum()
        maps = [kept[layer] for layer in layers]
        gradients = torch.autograd.grad(score, maps, allow_unused=True, materialize_grads=True)
    _check_finite(logits, gradients)
    return Capture(
        logits=logits.detach(),
        classes=chosen,
        activations={layer: one.detach() for layer, one in zip(layers, maps, strict=True)},
        gradients=dict(zip(layers, gradients, strict=True)),
    )


def _choose(logits: Tensor, classes: Sequence[int | None] | None) -> Tensor:
    predicted = logits.detach().argmax(dim=1)
    if classes is None:
        return predicted
    for place, index in enumerate(classes):
        if index is not None:
            predicted[place] = index
    return predicted


def _check_finite(logits: Tensor, gradients: Sequence[Tensor]) -> None:
    if not all(bool(torch.isfinite(values).all()) for values in (logits.detach(), *gradients)):
        raise NetworkError("The network gives values that are not numbers for this photo. Check its weights.")
