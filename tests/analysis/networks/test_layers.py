"""Which layers there are, and what they are called."""

import pytest
import torch
import torchvision
from torch import Tensor, nn

from analysis.networks.blocks import default_layers
from analysis.networks.errors import NetworkError
from analysis.networks.layers import find_layers, split_name
from tests.analysis.networks.tiny import Functional, chain, seeded

EXAMPLE = torch.zeros(1, 3, 16, 16)


def names(module: nn.Module, side: int = 16) -> tuple[str, ...]:
    return tuple(layer.name for layer in find_layers(module, torch.zeros(1, 3, side, side)))


def test_a_module_that_is_called_twice_gives_two_layers() -> None:
    assert names(seeded(Functional())) == ("first", "relu#1", "second", "relu#2")


def test_an_in_place_activation_is_not_the_tensor_before_it() -> None:
    assert names(seeded(chain())) == ("0", "1", "2", "3", "4")  # neither pooled pixels nor logits


def test_a_container_is_listed_by_its_last_child_and_a_block_by_itself() -> None:
    torch.manual_seed(0)
    found = names(torchvision.models.resnet18(weights=None).eval(), side=64)
    assert "layer1.1" in found
    assert "layer1" not in found
    assert "layer1.1.relu#2" not in found
    assert "layer1.1.relu#1" in found


@pytest.mark.parametrize(
    ("architecture", "expected"),
    [
        ("vgg16", [f"features.{index}" for index in (11, 13, 15, 18, 20, 22, 25, 27, 29)]),
        ("squeezenet1_1", [f"features.{index}" for index in (3, 4, 6, 7, 9, 10, 11, 12)]),
        ("resnet18", [f"layer{stage}.{block}" for stage in (1, 2, 3, 4) for block in (0, 1)]),
        ("densenet121", [f"features.denseblock{index}" for index in (1, 2, 3, 4)]),
        ("googlenet", [f"inception{one}" for one in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")]),
    ],
)
def test_the_default_is_one_output_per_block(architecture: str, expected: list[str]) -> None:
    options = {"init_weights": False} if architecture in ("vgg16", "googlenet") else {}
    module = torchvision.models.get_model(architecture, weights=None, num_classes=2, **options).eval()
    layers = find_layers(module, torch.zeros(1, 3, 64, 64))
    assert list(default_layers(module, layers)) == expected


def test_without_blocks_it_is_the_activation_after_each_convolution() -> None:
    for module, expected in ((chain(), ("2", "4")), (Functional(), ("relu#1", "relu#2"))):
        layers = find_layers(seeded(module), EXAMPLE)
        assert default_layers(module, layers) == expected


@pytest.mark.parametrize(("layer", "parts"), [("a.b", ("a.b", 1)), ("a#2", ("a", 2)), ("a#b", ("a#b", 1))])
def test_split_name(layer: str, parts: tuple[str, int]) -> None:
    assert split_name(layer) == parts


class Explodes(nn.Module):
    """Fails after its first convolution."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3)

    def forward(self, photos: Tensor) -> Tensor:
        self.first(photos)
        raise RuntimeError("boom")


def test_no_hook_survives_an_exception() -> None:
    module = Explodes()
    with pytest.raises(RuntimeError, match="boom"):
        find_layers(module, EXAMPLE)
    assert not module.first._forward_hooks
    assert module.training
    assert module.first.weight.requires_grad


class Witness(nn.Module):
    """Fails, and tells what it saw."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Dropout(), nn.BatchNorm2d(4).eval())
        self.seen: list[bool] = []

    def forward(self, photos: Tensor) -> Tensor:
        self.seen.extend(part.training for part in self.modules())
        self.seen.extend(parameter.requires_grad for parameter in self.parameters())
        raise KeyError


def test_frozen_gives_everything_back() -> None:
    module = Witness()
    module.get_parameter("parts.0.weight").requires_grad_(False)
    with pytest.raises(KeyError):
        find_layers(module, EXAMPLE)
    assert not any(module.seen)
    assert [part.training for part in module.modules()] == [True, True, True, True, False]
    assert [parameter.requires_grad for parameter in module.parameters()] == [False, True, True, True]


def test_a_batch_norm_in_training_mode_is_refused() -> None:
    with pytest.raises(NetworkError, match="batch norm is in training mode"):
        find_layers(chain().train(), EXAMPLE)
