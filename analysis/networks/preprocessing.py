"""From a photo to what the network sees, and the geometry of this crop on the photo."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from torch import Tensor

Box = tuple[float, float, float, float]
Interpolation = Literal["bilinear", "bicubic", "nearest"]

RESAMPLING: dict[Interpolation, Image.Resampling] = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "nearest": Image.Resampling.NEAREST,
}


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """Resize the shorter side, cut the centre square, normalise: torchvision's classification recipe.

    Attributes:
        resize: length of the photo's shorter side after scaling, pixels, at least `crop`.
        crop: side of the centre square, pixels.
        interpolation: how the photo is scaled.
        mean: per channel (red, green, blue), in image range [0, 1].
        std: per channel, in image range, positive.

    Raises:
        ValueError: sizes that do not fit each other, or a standard deviation that is not positive.
    """

    resize: int
    crop: int
    interpolation: Interpolation
    mean: tuple[float, float, float]
    std: tuple[float, float, float]

    def __post_init__(self) -> None:
        if not 0 < self.crop <= self.resize:
            raise ValueError(f"crop must be between 1 and resize ({self.resize}), not {self.crop}.")
        if self.interpolation not in RESAMPLING:
            raise ValueError(f"interpolation must be one of {', '.join(RESAMPLING)}.")
        if min(self.std) <= 0:
            raise ValueError(f"std must be positive, not {self.std}.")

    def resized(self, size: tuple[int, int]) -> tuple[int, int]:
        """Width and height of a photo of `size` after scaling; the longer side is cut to whole pixels."""
        width, height = size
        if width <= height:
            return self.resize, int(self.resize * height / width)
        return int(self.resize * width / height), self.resize

    def crop_box(self, size: tuple[int, int]) -> Box:
        """Left, top, right, bottom of what the network sees, in pixels of a photo of `size`, not rounded."""
        scaled = self.resized(size)
        left, top = self._offsets(scaled)
        across, down = size[0] / scaled[0], size[1] / scaled[1]
        return (left * across, top * down, (left + self.crop) * across, (top + self.crop) * down)

    def crop_photo(self, photo: Image.Image) -> Image.Image:
        """Exactly the square that the network sees, at the photo's own resolution."""
        box = self.crop_box(photo.size)
        side = max(1, round(min(box[2] - box[0], box[3] - box[1])))
        return photo.resize((side, side), RESAMPLING[self.interpolation], box=box)

    def tensor(self, photo: Image.Image) -> "Tensor":
        """The network's input for an RGB photo: (3, crop, crop), float32, normalised."""
        import torch  # here, so that the geometry above serves the site without torch

        scaled = self.resized(photo.size)
        left, top = self._offsets(scaled)
        resized = photo.resize(scaled, RESAMPLING[self.interpolation])
        square = resized.crop((left, top, left + self.crop, top + self.crop))
        pixels = np.asarray(square, dtype=np.float32) / np.float32(255)
        normal = (pixels - np.array(self.mean, np.float32)) / np.array(self.std, np.float32)
        return torch.from_numpy(np.ascontiguousarray(normal.transpose(2, 0, 1)))

    def _offsets(self, scaled: tuple[int, int]) -> tuple[int, int]:
        return round((scaled[0] - self.crop) / 2), round((scaled[1] - self.crop) / 2)
