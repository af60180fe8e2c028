"""What regions really do: the drop of the class logit when their feature maps are set to zero."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from analysis.networks.replay import Replay, replaying

Regions = Sequence[Sequence[int]]


def measure_effects(
    module: nn.Module,
    photo: Tensor,
    activations: Mapping[str, Tensor],
    class_index: int,
    regions: Mapping[str, Regions],
    batch: int,
    class_count: int | None = None,
) -> dict[str, list[float]]:
    """Measure logit(photo) - logit(maps zeroed) of every region of one photo's layers.

    The network runs once as it is, and then only from each layer on, see `analysis.networks.replay`.

    Args:
        module: the network.
        photo: (3, H, W), the network's input.
        activations: by layer, (K, h, w), what it gives for this photo.
        class_index: the explained class.
        regions: by layer, shallow to deep, the channel numbers of each region.
        batch: most rows in one forward pass.
        class_count: how many classes there are, where the network has several outputs.

    Returns:
        By layer, one effect for each region, logit units; positive where the maps speak for the class.
    """
    wanted = [layer for layer, channels in regions.items() if channels]
    effects: dict[str, list[float]] = {layer: [] for layer in regions}
    if not wanted:
        return effects
    with replaying(module, photo, wanted, class_count) as replay, torch.inference_mode():
        # A batch adds up its logits in another order than a single photo does: only rows of batches compare.
        last = wanted[-1]
        logits = {last: _logits_without(replay, last, activations[last], [(), *regions[last]], batch)}
        original = logits[last][0, class_index].item()
        logits[last] = logits[last][1:]
        for layer in wanted[:-1]:
            logits[layer] = _logits_without(replay, layer, activations[layer], regions[layer], batch)
    for layer, rows in logits.items():
        effects[layer] = [original - one for one in rows[:, class_index].tolist()]
    return effects


def _logits_without(replay: Replay, layer: str, activation: Tensor, regions: Regions, batch: int) -> Tensor:
    """The logits (regions, C) without the maps of each region."""
    masks = torch.ones(len(regions), len(activation), 1, 1, dtype=activation.dtype, device=activation.device)
    for mask, channels in zip(masks, regions, strict=True):
        mask[list(channels)] = 0
    maps = activation[None]
    if maps.device.type == "cpu":  # what follows is then up to twice as fast there
        maps = maps.contiguous(memory_format=torch.channels_last)
    return torch.cat([replay.run(layer, maps * part) for part in torch.split(masks, batch)])
