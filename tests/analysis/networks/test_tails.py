"""The rest of a network after a layer gives what the whole network gives."""

import pytest
import torch
import torchvision
from torch import nn

from analysis.networks import load_network
from analysis.networks.layers import calls_watched
from analysis.networks.tails import find_tail
from tests.analysis.networks.tiny import Functional, chain, seeded

CASES = [
    ("alexnet", "features.1", True),
    ("vgg11_bn", "features.12", True),
    ("squeezenet1_1", "features.7", True),
    ("mobilenet_v2", "features.9", True),
    ("mobilenet_v3_small", "features.5", True),
    ("efficientnet_b0", "features.5.1", True),
    ("convnext_tiny", "features.3.1", True),
    ("densenet121", "features.denseblock3", True),
    ("resnet18", "layer2.0", True),
    ("resnet18", "maxpool", True),
    ("resnet18", "layer2.0.conv1", False),
    ("squeezenet1_1", "features.7.expand1x1", False),
    ("googlenet", "inception4a", False),
]


def assert_same(module: nn.Module, layer: str, photos: torch.Tensor) -> None:
    seen: list[torch.Tensor] = []

    def keep(name: str, call: int, output: object) -> None:
        assert (name, call) == (layer, 1)
        assert isinstance(output, torch.Tensor)
        seen.append(output.clone())

    with torch.no_grad():
        with calls_watched({layer: module.get_submodule(layer)}, keep):
            whole = module(photos)
        tail = find_tail(module, layer)
        assert tail is not None
        scale = whole.abs().max()
        torch.testing.assert_close(tail(seen[0]) / scale, whole / scale)
        assert not torch.allclose(tail(seen[0] * 0) / scale, whole / scale)


@pytest.mark.parametrize(("architecture", "layer", "has_tail"), CASES)
def test_torchvision(architecture: str, layer: str, has_tail: bool) -> None:
    torch.manual_seed(0)
    options = {"init_weights": False} if architecture == "googlenet" else {}
    module = torchvision.models.get_model(architecture, weights=None, num_classes=4, **options).eval()
    children = dict(module.named_children())
    if has_tail:
        assert_same(module, layer, torch.rand(2, 3, 96, 96))
    else:
        assert find_tail(module, layer) is None
    assert dict(module.named_children()) == children


def test_efficientnet_lite() -> None:
    module = load_network("efficientnet_lite0").module
    for layer in ("_blocks.0", "_blocks.9", "_blocks.15"):
        assert_same(module, layer, torch.rand(2, 3, 224, 224))
    assert find_tail(module, "_blocks.3._bn1") is None
    assert find_tail(module, "_conv_stem") is None


def test_a_plain_chain_and_an_unknown_network() -> None:
    assert_same(seeded(chain()), "2", torch.rand(2, 3, 16, 16))
    assert find_tail(seeded(Functional()), "first") is None


def test_finding_a_tail_changes_no_mode() -> None:
    module = chain().train()
    find_tail(module, "2")
    assert all(part.training for part in module.modules())
