"""Gradients averaged along the path from zero to a layer's activation, for weights that add up exactly."""

import torch
from torch import Tensor

from analysis.networks.errors import NetworkError
from analysis.networks.replay import Replay
from analysis.regions.weights import widest

FEWEST_STEPS, MOST_STEPS = 8, 1024
TOLERANCE = 0.01
SMALLEST_DROP = 0.1  # logits; below it, what is left over is compared with this


def path_gradient(replay: Replay, layer: str, activation: Tensor, class_index: int, batch: int) -> Tensor:
    """Mean over s in (0, 1) of dF/dA at s * A, with F(s) the logit when only this layer's output is s * A.

    Everything upstream and every bypass stays as it is for the photo. With c_k = sum_ij A_k * mean dF/dA_k,
    the sum over all maps is F(1) - F(0) (integrated gradients, arXiv 1703.01365, from the layer on).
    Midpoints of equal steps; their number doubles until

        |sum_k c_k - (F(1) - F(0))| <= 0.01 * max(|F(1) - F(0)|, 0.1).

    Args:
        replay: of the photo, with this layer.
        layer: the layer's name.
        activation: A, (K, h, w), what it gives for the photo.
        class_index: the explained class.
        batch: rows in one partial pass.

    Returns:
        (K, h, w) float32, logits per unit of activation.

    Raises:
        NetworkError: 1024 steps are not enough.
    """
    ends = torch.stack([activation, torch.zeros_like(activation)])
    with torch.no_grad():
        high, low = replay.run(layer, ends)[:, class_index].tolist()
    allowed = TOLERANCE * max(abs(high - low), SMALLEST_DROP)
    steps = FEWEST_STEPS
    while steps <= MOST_STEPS:
        gradient = _mean_gradient(replay, layer, activation, class_index, steps, batch)
        total = (gradient * activation).sum(dtype=widest(activation.device)).item()
        if abs(total - (high - low)) <= allowed:
            return gradient
        steps *= 2
    raise NetworkError(
        f"The contributions of {layer} do not add up to the drop of the logit within 1 %, even with "
        f"{MOST_STEPS} steps. Use the preset faithful."
    )


def _mean_gradient(
    replay: Replay, layer: str, activation: Tensor, class_index: int, steps: int, batch: int
) -> Tensor:
    scales = ((torch.arange(steps, dtype=torch.float32) + 0.5) / steps).to(activation.device)
    total = torch.zeros_like(activation, dtype=widest(activation.device))
    for part in torch.split(scales, batch):
        with torch.inference_mode(False), torch.enable_grad():
            rows = (part[:, None, None, None] * activation).requires_grad_()
            score = replay.run(layer, rows)[:, class_index].sum()
            if not score.requires_grad:
                break  # the logit does not depend on this layer at all
            (gradient,) = torch.autograd.grad(score, rows, allow_unused=True, materialize_grads=True)
        total += gradient.sum(dim=0, dtype=total.dtype)
    return (total / steps).float()
