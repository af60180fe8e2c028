"""What regions really do: the drop of the class logit when their feature maps are set to zero."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from analysis.networks.errors import NetworkError
from analysis.networks.replay import Replay, replaying

Regions = Sequence[Sequence[int]]

# How far the logits of unchanged maps may be off, by the largest logit; where it is more, skipping is wrong.
TOLERANCE = 1e-3


def measure_effects(
    module: nn.Module,
    photo: Tensor,
    class_index: int,
    regions: Mapping[str, Regions],
    batch: int,
    class_count: int | None = None,
) -> dict[str, list[float]]:
    """Measure logit(photo) - logit(maps zeroed) of every region of one photo's layers.

    The network runs once as it is, and then only from each layer on, see `analysis.networks.replay`. A batch
    adds up its logits in another order than a single photo does, and another precision than that of the
    network's regions may have been asked for: so each layer's rows are compared with one of them without any
    change.

    Args:
        module: the network.
        photo: (3, H, W), the network's input.
        class_index: the explained class.
        regions: by layer, shallow to deep, the channel numbers of each region.
        batch: most rows in one forward pass.
        class_count: how many classes there are, where the network has several outputs.

    Returns:
        By layer, one effect for each region, logit units; positive where the maps speak for the class.

    Raises:
        NetworkError: the network gives values that are not numbers.
    """
    wanted = [layer for layer, channels in regions.items() if channels]
    effects: dict[str, list[float]] = {layer: [] for layer in regions}
    if not wanted:
        return effects
    with replaying(module, photo, wanted, class_count) as replay, torch.inference_mode():
        for turn, layer in enumerate(wanted):
            rows = _logits(replay, layer, regions[layer], batch, backwards=turn % 2 == 1)
            original, *without = rows[:, class_index].tolist()
            effects[layer] = [original - one for one in without]
    return effects


def _logits(replay: Replay, layer: str, regions: Regions, batch: int, *, backwards: bool) -> Tensor:
    """The logits (1 + regions, C) without any change, and without the maps of each region.

    Every second layer takes them backwards, so that what a network keeps from the layer before, row by row,
    shows in the unchanged row.
    """
    step = -1 if backwards else 1
    removed = [(), *regions][::step]
    rows = _logits_without(replay, layer, removed, batch)
    if _is_off(rows[-1 if backwards else 0], replay.logits[0]):
        replay.skip_nothing(layer)
        rows = _logits_without(replay, layer, removed, batch)
    return rows.flip(0) if backwards else rows


def _is_off(unchanged: Tensor, logits: Tensor) -> bool:
    if not bool(torch.isfinite(logits).all()):
        raise NetworkError("The network gives values that are not numbers for this photo. Check its weights.")
    return bool(((unchanged - logits).abs() > TOLERANCE * logits.abs().max().clamp(min=1)).any())


def _logits_without(replay: Replay, layer: str, removed: Regions, batch: int) -> Tensor:
    maps = replay.maps(layer)
    masks = torch.ones(len(removed), maps.shape[1], 1, 1, dtype=maps.dtype, device=maps.device)
    for mask, channels in zip(masks, removed, strict=True):
        mask[list(channels)] = 0
    if maps.device.type == "cpu":  # what follows is then up to twice as fast there
        maps = maps.contiguous(memory_format=torch.channels_last)
    return torch.cat([replay.run(layer, maps * part) for part in torch.split(masks, batch)])
