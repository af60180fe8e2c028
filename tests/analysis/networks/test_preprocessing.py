"""The crop that the network sees, in numbers and on the photo."""

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import transforms

from analysis.networks.preprocessing import Preprocessing

LITE = Preprocessing(256, 224, "bicubic", mean=(127 / 255,) * 3, std=(128 / 255,) * 3)


def noise(width: int, height: int) -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


@pytest.mark.parametrize("size", [(640, 427), (427, 640), (300, 300), (100, 37), (225, 224)])
def test_it_equals_torchvisions_recipe(size: tuple[int, int]) -> None:
    photo = noise(*size)
    recipe = transforms.Compose(
        [
            transforms.Resize(256, transforms.InterpolationMode.BICUBIC),
            transforms.CenterCrop(224),
            transforms.ToTensor(),
            transforms.Normalize(LITE.mean, LITE.std),
        ]
    )
    torch.testing.assert_close(LITE.tensor(photo), recipe(photo), rtol=0, atol=1e-6)


def test_crop_box_by_hand() -> None:
    plan = Preprocessing(200, 100, "bilinear", mean=(0, 0, 0), std=(1, 1, 1))
    # 800 x 400 becomes 400 x 200: the square from (150, 50) to (250, 150), twice as large on the photo.
    assert plan.crop_box((800, 400)) == (300.0, 100.0, 500.0, 300.0)


def test_crop_photo_is_the_box_at_full_resolution() -> None:
    plan = Preprocessing(200, 100, "bilinear", mean=(0, 0, 0), std=(1, 1, 1))
    photo = noise(800, 400)
    assert plan.crop_photo(photo).tobytes() == photo.crop((300, 100, 500, 300)).tobytes()


def test_crop_photo_of_a_small_photo_is_small_and_square() -> None:
    assert LITE.crop_photo(noise(16, 16)).size == (14, 14)


@pytest.mark.parametrize(
    "change",
    [{"crop": 300}, {"crop": 0}, {"interpolation": "lanczos"}, {"std": (1.0, 0.0, 1.0)}],
)
def test_it_refuses_what_makes_no_sense(change: dict[str, object]) -> None:
    good: dict[str, object] = {
        "resize": 256,
        "crop": 224,
        "interpolation": "bilinear",
        "mean": (0.0, 0.0, 0.0),
        "std": (1.0, 1.0, 1.0),
    }
    with pytest.raises(ValueError, match=str(next(iter(change)))):
        Preprocessing(**(good | change))  # type: ignore[arg-type]
