"""Networks by what people call them."""

import json
import sys
from pathlib import Path
from urllib.error import URLError

import pytest
import torch
import torchvision
from safetensors.torch import save_file
from torch import nn

from analysis.networks import load_network
from analysis.networks.architectures import architecture_names
from analysis.networks.errors import NetworkError
from analysis.networks.network import build_network, input_type, state_digest
from analysis.regions import explain
from analysis.regions.settings import RegionSettings
from tests.analysis.networks import tiny
from tests.analysis.regions.photos import noise

FACTORY = "tests.analysis.networks.tiny:installed"


@pytest.fixture(scope="module")
def squeezenet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, nn.Module]:
    """A torchvision network of five classes, in a file that lists its entries by the alphabet."""
    torch.manual_seed(0)
    module: nn.Module = torchvision.models.squeezenet1_1(weights=None, num_classes=5).eval()
    path = tmp_path_factory.mktemp("weights") / "five.safetensors"
    save_file(dict(sorted(module.state_dict().items())), path)
    return path, module


def test_the_default_network() -> None:
    network = load_network("efficientnet_lite0")
    assert len(network.class_names) == 1000
    assert network.class_names[388] == "giant panda"
    assert network.default_layers == tuple(f"_blocks.{index}" for index in range(7, 16))
    assert not network.module.training
    assert not any(parameter.requires_grad for parameter in network.module.parameters())
    assert (network.preprocessing.resize, network.preprocessing.crop) == (256, 224)
    assert network.digest == load_network("efficientnet_lite0").digest


@pytest.mark.parametrize(("name", "crop"), [("efficientnet_lite1", 240), ("efficientnet_lite2", 260)])
def test_its_larger_sisters(name: str, crop: int) -> None:
    network = load_network(name)
    assert (network.preprocessing.resize, network.preprocessing.crop) == (crop + 32, crop)
    assert len(network.default_layers) == 9


@pytest.mark.parametrize("as_json", [True, False])
def test_own_weights_of_another_number_of_classes(
    squeezenet: tuple[Path, nn.Module], as_json: bool, tmp_path: Path
) -> None:
    names = ["oak", "elm", "ash", "fir", "yew"]
    classes = tmp_path / "classes.txt"
    classes.write_text(json.dumps(names) if as_json else "\n".join(names) + "\n\n")
    network = load_network("squeezenet1_1", weights=squeezenet[0], classes=classes)
    assert network.class_names == tuple(names)
    assert network.default_layers == tuple(f"features.{index}" for index in (3, 4, 6, 7, 9, 10, 11, 12))
    photos = torch.rand(2, 3, 224, 224)
    with torch.no_grad():
        torch.testing.assert_close(network.module(photos), squeezenet[1](photos))


def test_own_weights_need_class_names(squeezenet: tuple[Path, nn.Module]) -> None:
    with pytest.raises(NetworkError, match="5 classes"):
        load_network("squeezenet1_1", weights=squeezenet[0])


def test_the_number_of_class_names_must_be_right(squeezenet: tuple[Path, nn.Module], tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("one\ntwo\n")
    with pytest.raises(NetworkError, match="5 classes apart, but 2"):
        load_network("squeezenet1_1", weights=squeezenet[0], classes=tmp_path / "classes.txt")


@pytest.mark.parametrize("content", [b"", b"[1, 2]", b'["a", ', b"\xff\xfe\x00", b"one\n\nthree\n"])
def test_bad_class_names_are_refused(
    squeezenet: tuple[Path, nn.Module], content: bytes, tmp_path: Path
) -> None:
    (tmp_path / "classes.txt").write_bytes(content)
    with pytest.raises(NetworkError):
        load_network("squeezenet1_1", weights=squeezenet[0], classes=tmp_path / "classes.txt")


def test_weights_of_another_architecture(squeezenet: tuple[Path, nn.Module]) -> None:
    with pytest.raises(NetworkError, match="do not fit resnet18"):
        load_network("resnet18", weights=squeezenet[0])


@pytest.mark.parametrize("name", ["regnet_y_400mf", "mnasnet0_5"])
def test_architectures_that_are_built_with_difficulty(name: str, tmp_path: Path) -> None:
    save_file(torchvision.models.get_model(name, num_classes=1000).state_dict(), tmp_path / "own.safetensors")
    assert load_network(name, weights=tmp_path / "own.safetensors").default_layers


def test_a_hub_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_answer(*_arguments: object, **_options: object) -> None:
        raise URLError("no route")

    monkeypatch.setattr(torchvision.models._api, "load_state_dict_from_url", no_answer)
    with pytest.raises(NetworkError, match=r"could not be downloaded\. Give a weights file"):
        load_network("squeezenet1_0")


def test_a_mistyped_name() -> None:
    with pytest.raises(NetworkError, match=r"no network called eficientnet_lite0.*efficientnet_lite0.*vgg16"):
        load_network("eficientnet_lite0")


def test_transformers_are_offered_too() -> None:
    assert {"vit_b_16", "swin_t"} <= set(architecture_names())


@pytest.mark.parametrize("name", ["gpu", "cuda:99", "tpu", ""])
def test_a_device_that_is_not_there(name: str) -> None:
    with pytest.raises(NetworkError, match="device"):
        load_network("efficientnet_lite0", device=name)


@pytest.mark.parametrize("allowed", [None, [FACTORY]])
def test_an_installed_factory(allowed: list[str] | None) -> None:
    network = load_network(FACTORY, factories_allowed=allowed)
    assert network.class_names == tiny.NAMES
    assert network.digest == tiny.tiny_network().digest


def test_a_factory_that_is_not_allowed_is_not_even_imported() -> None:
    with pytest.raises(NetworkError, match="not allowed"):
        load_network("this.antigravity:fly", factories_allowed=[FACTORY])
    assert "this" not in sys.modules


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere.at.all:factory", "no factory"),
        ("tests.analysis.networks.tiny:nothing", "no factory"),
        ("tests.analysis.networks.tiny:SIDE", "cannot be called"),
        ("tests.analysis.networks.tiny:failing", "no licence"),
        ("tests.analysis.networks.tiny:incomplete", r"\(module, preprocessing, class names\)"),
        (":", "no factory"),
    ],
)
def test_a_bad_factory(name: str, message: str) -> None:
    with pytest.raises(NetworkError, match=message):
        load_network(name)


def test_a_network_must_give_logits_and_maps() -> None:
    without_maps = nn.Sequential(nn.Flatten(), nn.Linear(3 * 16 * 16, 3))
    device = torch.device("cpu")
    with pytest.raises(NetworkError, match="no layer with feature maps"):
        build_network("flat", without_maps, tiny.CROP, tiny.NAMES, device)
    with pytest.raises(NetworkError, match="row of logits"):
        build_network("headless", nn.Conv2d(3, 3, 3), tiny.CROP, tiny.NAMES, device)
    with pytest.raises(NetworkError, match="does not run"):
        build_network("narrow", nn.Conv2d(5, 3, 3), tiny.CROP, tiny.NAMES, device)


def test_the_digest_tells_any_change() -> None:
    module = tiny.seeded(tiny.chain())
    before = state_digest(module)
    with torch.no_grad():
        module.get_parameter("0.bias")[3] += 1e-7
    assert state_digest(module) != before
    assert len(before) == 64


class Extra(nn.Module):
    """Has a state of its own that is no tensor."""

    def __init__(self, version: int) -> None:
        super().__init__()
        self.version = version

    def get_extra_state(self) -> object:
        return {"version": self.version, "table": torch.zeros(2)}

    def set_extra_state(self, state: object) -> None: ...


def test_the_digest_of_states_that_are_no_tensors() -> None:
    assert state_digest(Extra(1)) == state_digest(Extra(1)) != state_digest(Extra(2))


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:FutureWarning")
def test_a_scripted_network_is_refused_and_a_scripted_part_works() -> None:
    device = torch.device("cpu")
    with pytest.raises(NetworkError, match=r"scripted network cannot be looked into\. Give the module"):
        build_network("script", torch.jit.script(tiny.seeded(tiny.chain())), tiny.CROP, tiny.NAMES, device)
    parts = tiny.seeded(tiny.chain())
    assert isinstance(parts, nn.Sequential)
    module = nn.Sequential(torch.jit.script(parts[:3]), *parts[3:])
    network = tiny.tiny_network(module)
    assert network.layers[-1] == "2"
    found = explain(network, noise(0), RegionSettings(layers=("1", "2")))
    assert [len(layer.regions) > 0 for layer in found.layers] == [True, True]


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.float16])
def test_a_network_is_tried_with_its_own_precision(dtype: torch.dtype) -> None:
    network = tiny.tiny_network(tiny.chain().to(dtype))
    assert network.layers == tiny.tiny_network().layers
    assert input_type(network.module) == dtype
    assert input_type(nn.ReLU()) == torch.float32
