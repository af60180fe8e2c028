"""What regions really do: the drop of the class logit when their feature maps are set to zero."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from analysis.networks.frozen import frozen
from analysis.networks.layers import calls_watched, split_name
from analysis.networks.tails import find_tail


def measure_effects(
    module: nn.Module,
    layer: str,
    photo: Tensor,
    activation: Tensor,
    class_index: int,
    regions: Sequence[Sequence[int]],
    batch: int,
) -> list[float]:
    """Measure logit(original) - logit(maps zeroed) of every region of one layer.

    Only what follows the layer is run where the network's structure is known, else all of it.

    Args:
        module: the network.
        layer: the layer's name.
        photo: (3, H, W), the network's input.
        activation: (K, h, w), the layer's output for it.
        class_index: the explained class.
        regions: the channel numbers of each region.
        batch: rows in one forward pass.

    Returns:
        One effect for each region, logit units; positive where the maps speak for the class.
    """
    masks = torch.ones(len(regions) + 1, len(activation), device=activation.device)
    for mask, channels in zip(masks[1:], regions, strict=True):
        mask[list(channels)] = 0
    with frozen(module), torch.inference_mode():
        tail = find_tail(module, layer)
        run = _whole(module, layer, photo) if tail is None else _partial(tail, activation)
        logits = torch.cat(
            [run(part)[:, class_index] for part in torch.split(masks[:, :, None, None], batch)]
        )
    original, *zeroed = logits.tolist()
    return [original - one for one in zeroed]


def _partial(tail: Callable[[Tensor], Tensor], activation: Tensor) -> Callable[[Tensor], Tensor]:
    return lambda masks: tail(activation * masks)


def _whole(module: nn.Module, layer: str, photo: Tensor) -> Callable[[Tensor], Tensor]:
    wanted = split_name(layer)
    modules = {wanted[0]: module.get_submodule(wanted[0])}

    def run(masks: Tensor) -> Tensor:
        def replace(name: str, call: int, output: object) -> Tensor | None:
            return output * masks if (name, call) == wanted and isinstance(output, Tensor) else None

        with calls_watched(modules, replace):
            logits: Tensor = module(photo.expand(len(masks), *photo.shape))
        return logits

    return run
