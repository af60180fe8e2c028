"""How a layer's output holds feature maps: as maps, with the channels last, or as tokens.

A rule reads the form from what one forward pass shows, so that no architecture is listed anywhere:

- four dimensions are maps (N, K, h, w), unless a linear layer or a layer norm worked along the last dimension
  of a tensor of the same shape in this pass: then they are (N, h, w, K). These must have the proportions of
  the photo; others, such as attention windows, are no maps.
- three dimensions (N, T, K) are tokens where a convolution of this pass gave K channels on a grid of h x w
  with the photo's proportions, and T is h * w or up to eight more. The additional ones lead (class,
  distillation and register tokens) and never count as maps.

Everything else is no layer.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

MOST_LEADING = 8


@dataclass(frozen=True, slots=True)
class Form:
    """Where the maps of an output are.

    Attributes:
        kind: `maps` (N, K, h, w), `last` (N, h, w, K) or `tokens` (N, leading + h * w, K).
        height: h.
        width: w.
        leading: tokens before those of the grid.
    """

    kind: Literal["maps", "last", "tokens"]
    height: int
    width: int
    leading: int = 0

    def to_maps(self, output: Tensor) -> Tensor:
        """The maps (N, K, h, w) of an output; a view of it where they are maps already."""
        if self.kind == "maps":
            return output
        if self.kind == "last":
            return output.permute(0, 3, 1, 2).contiguous()
        tokens = output[:, self.leading :].transpose(1, 2)
        return tokens.reshape(len(output), -1, self.height, self.width)

    def from_maps(self, maps: Tensor, output: Tensor) -> Tensor:
        """An output with these maps, whose leading tokens are those of `output`, (1, ...)."""
        if self.kind == "maps":
            return maps
        if self.kind == "last":
            return maps.permute(0, 2, 3, 1).contiguous()
        leading = output[:, : self.leading].expand(len(maps), -1, -1)
        return torch.cat([leading, maps.flatten(2).transpose(1, 2)], dim=1)


class FormsSeen:
    """What one forward pass shows about the forms of its outputs.

    Args:
        photos: the network's input, (N, 3, H, W).
    """

    def __init__(self, photos: Tensor) -> None:
        self._photo = (photos.shape[-2], photos.shape[-1])
        self._maps: set[tuple[int, ...]] = set()
        self._last: set[tuple[int, ...]] = set()

    def see(self, module: nn.Module, output: object) -> None:
        """Take note of one call's output."""
        if not isinstance(output, Tensor) or output.ndim != 4:
            return
        shape = tuple(output.shape[1:])
        if isinstance(module, nn.Conv2d):
            self._maps.add(shape)
        elif isinstance(module, nn.Linear) or (
            isinstance(module, nn.LayerNorm) and module.normalized_shape == shape[2:] != shape[:1]
        ):
            self._last.add(shape)

    def form(self, output: object) -> Form | None:
        """The form of an output, None where it holds no maps of more than one pixel."""
        if not isinstance(output, Tensor) or not output.is_floating_point():
            return None
        if output.ndim == 3:
            return self._tokens(output.shape[1], output.shape[2])
        if output.ndim != 4:
            return None
        shape = tuple(output.shape[1:])
        if shape in self._last and shape not in self._maps:
            found = Form("last", shape[0], shape[1]) if self._fits(shape[0], shape[1]) else None
        else:
            found = Form("maps", shape[1], shape[2])
        return found if found is not None and found.height * found.width > 1 else None

    def _tokens(self, count: int, channels: int) -> Form | None:
        fitting = [
            (height * width, height, width)
            for maps, height, width in self._maps
            if maps == channels and 0 <= count - height * width <= MOST_LEADING and self._fits(height, width)
        ]
        if not fitting:
            return None
        area, height, width = max(fitting)
        return Form("tokens", height, width, count - area) if area > 1 else None

    def _fits(self, height: int, width: int) -> bool:
        return height * self._photo[1] == width * self._photo[0]


def telling_parts(parts: dict[str, nn.Module]) -> dict[str, nn.Module]:
    """Those parts whose calls `FormsSeen` learns from."""
    return {
        name: part for name, part in parts.items() if isinstance(part, nn.Conv2d | nn.Linear | nn.LayerNorm)
    }
