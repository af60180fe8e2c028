"""Which layers there are, and what they are called."""

from typing import Literal

import pytest
import torch
import torchvision
from torch import Tensor, nn

from analysis.networks.blocks import dead_layers, default_layers
from analysis.networks.errors import NetworkError
from analysis.networks.forms import Form
from analysis.networks.layers import find_layers, split_name
from tests.analysis.networks.families import CLASSES, family, photos_for
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


LITE = [f"_blocks.{index}" for index in range(7, 16)]
DEFAULTS = {
    "vgg": ["features.1", "features.4", "features.6", "features.9", "features.11"],
    "densenet": ["features.denseblock1", "features.denseblock2", "features.denseblock3"],
    "mobilenet_v2": ["features.1", "features.2", "features.3", "features.4", "features.5"],
    "mobilenet_v3": [f"features.{index}" for index in range(3, 12)],
    "efficientnet": ["features.1.0", "features.2.0", "features.2.1", "features.3.0", "features.3.1"],
    "efficientnet_lite": LITE,
    "convnext": ["features.1.0", "features.1.1", "features.3.0", "features.3.1"],
    "regnet": [f"trunk_output.block3.block3-{index}" for index in (3, 4, 5)]
    + [f"trunk_output.block4.block4-{index}" for index in range(6)],
    "shufflenet": [f"stage3.{index}" for index in range(3, 8)] + [f"stage4.{index}" for index in range(4)],
    "mnasnet": [
        *("layers.10.1", "layers.10.2", "layers.11.0", "layers.11.1"),
        *("layers.12.0", "layers.12.1", "layers.12.2", "layers.12.3", "layers.13.0"),
    ],
    "inception_v3": [f"Mixed_{one}" for one in ("5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")],
    "vit": ["encoder.layers.encoder_layer_0", "encoder.layers.encoder_layer_1"],
    "swin": ["features.1.0", "features.1.1", "features.3.0", "features.3.1"],
    "swin_v2": ["features.1.0", "features.1.1", "features.3.0", "features.3.1"],
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_the_defaults_of_every_family(name: str) -> None:
    module, photo = family(name), photos_for(name)
    layers = find_layers(module, photo)
    dead = dead_layers(module, photo[0], layers, CLASSES)
    assert dead == ({"encoder.layers.encoder_layer_2"} if name == "vit" else set())
    assert list(default_layers(module, [one for one in layers if one.name not in dead])) == DEFAULTS[name]


def test_a_network_inside_of_another_has_the_same_blocks() -> None:
    wrapped = nn.ModuleDict({"model": family("resnet")})
    wrapped.forward = wrapped["model"].forward
    layers = find_layers(wrapped, photos_for("resnet"))
    blocks = [f"model.layer{stage}.0" for stage in (1, 2, 3, 4)]
    assert list(default_layers(wrapped, layers)) == sorted([*blocks, "model.layer2.1"])


@pytest.mark.parametrize(
    ("name", "layer", "form"),
    [
        ("vit", "conv_proj", Form("maps", 4, 4)),
        ("vit", "encoder.layers.encoder_layer_0", Form("tokens", 4, 4, leading=1)),
        ("swin", "features.0.0", Form("maps", 16, 16)),
        ("swin", "features.3.1", Form("last", 8, 8)),
        ("convnext", "features.1.0", Form("maps", 16, 16)),
        ("convnext", "features.1.0.block.3", Form("last", 16, 16)),
    ],
)
def test_forms(name: str, layer: str, form: Form) -> None:
    layers = {one.name: one for one in find_layers(family(name), photos_for(name))}
    assert layers[layer].form == form


def encoder_layer() -> nn.TransformerEncoderLayer:
    return nn.TransformerEncoderLayer(16, 2, 32, batch_first=True, norm_first=True)


class Encoder(nn.Module):
    """Blocks one after the other, and nothing after them."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(encoder_layer() for _ in range(3))

    def forward(self, tokens: Tensor) -> Tensor:
        for layer in self.layers:
            tokens = layer(tokens)
        return tokens


class Patches(nn.Module):
    """A transformer without a norm before its head."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, 16, 4, stride=4)
        self.encoder = encoder
        self.head = nn.Linear(16, 3)

    def forward(self, photos: Tensor) -> Tensor:
        tokens = self.encoder(self.patches(photos).flatten(2).transpose(1, 2))
        logits: Tensor = self.head(tokens.mean(dim=1))
        return logits


@pytest.mark.parametrize("own", [True, False])
def test_the_last_block_of_an_encoder_that_passes_it_on_is_explained(own: bool) -> None:
    encoder = Encoder() if own else nn.TransformerEncoder(encoder_layer(), 3, enable_nested_tensor=False)
    module = seeded(Patches(encoder))
    assert default_layers(module, find_layers(module, EXAMPLE)) == tuple(
        f"encoder.layers.{place}" for place in range(3)
    )


class Backbone(nn.Module):
    """Stages of residual blocks, whose last maps it passes on."""

    def __init__(self) -> None:
        super().__init__()
        whole = family("resnet").float()
        self.stem = whole.get_submodule("conv1")
        self.stages = nn.ModuleList(whole.get_submodule(f"layer{number}") for number in (1, 2))

    def forward(self, photos: Tensor) -> Tensor:
        maps: Tensor = self.stem(photos)
        for stage in self.stages:
            maps = stage(maps)
        return maps


class Pooled(nn.Module):
    """A classifier on a backbone."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone = Backbone()
        self.head = nn.Linear(128, 3)

    def forward(self, photos: Tensor) -> Tensor:
        logits: Tensor = self.head(self.backbone(photos).mean((2, 3)))
        return logits


def test_the_blocks_of_a_backbone_that_gives_maps_are_explained() -> None:
    module = seeded(Pooled())
    stages = ["backbone.stages.0.0", "backbone.stages.1.0", "backbone.stages.1.1"]
    assert default_layers(module, find_layers(module, EXAMPLE)) == tuple(stages)


class Sequences(nn.Module):
    """A convolutional network with outputs of three dimensions that are no tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Conv2d(3, 8, 4, stride=4)
        self.along = nn.Conv1d(8, 8, 1)
        self.pool = nn.AdaptiveAvgPool1d(5)
        self.head = nn.Linear(40, 3)

    def forward(self, photos: Tensor) -> Tensor:
        logits: Tensor = self.head(self.pool(self.along(self.maps(photos).flatten(2))).flatten(1))
        return logits


def test_not_everything_with_three_dimensions_is_tokens() -> None:
    assert names(seeded(Sequences())) == ("maps",)


@pytest.mark.parametrize("leading", [0, 1, 5])
@pytest.mark.parametrize("kind", ["maps", "last", "tokens"])
def test_forms_there_and_back(kind: Literal["maps", "last", "tokens"], leading: int) -> None:
    shapes = {"maps": (2, 7, 3, 4), "last": (2, 3, 4, 7), "tokens": (2, leading + 12, 7)}
    form = Form(kind, 3, 4, leading if kind == "tokens" else 0)
    output = torch.rand(shapes[kind])
    maps = form.to_maps(output)
    assert maps.shape == (2, 7, 3, 4)
    for place in range(2):
        one = slice(place, place + 1)
        assert torch.equal(form.from_maps(maps[one], output[one]), output[one])
        zeroed = form.from_maps(maps[one] * 0, output[one])
        assert zeroed.shape == output[one].shape
        assert torch.equal(zeroed[:, : form.leading], output[one][:, : form.leading])
        assert not form.to_maps(zeroed).any()


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
