"""`python -m analysis.regions` as a person runs it, and what the site may import."""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[3]
PANDA = str(ROOT / "labeling" / "demo" / "photos" / "panda.jpg")
TINY = "tests.analysis.networks.tiny:installed"
WITHOUT_TORCH = (
    "analysis.networks",
    "analysis.networks.photos",
    "analysis.networks.preprocessing",
    "analysis.regions",
    "analysis.regions.archive",
    "analysis.regions.fidelity",
    "analysis.regions.overlays",
    "analysis.regions.results",
    "analysis.regions.reveals",
    "analysis.regions.serialise",
    "analysis.regions.settings",
)


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def regions(*arguments: str) -> subprocess.CompletedProcess[str]:
    return python("-m", "analysis.regions", *arguments)


def test_the_panda_as_json() -> None:
    done = regions(PANDA, "--network", "efficientnet_lite0", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    (photo,) = json.loads(done.stdout)
    assert photo["photo"] == PANDA
    assert photo["class_name"] == "giant panda"
    assert photo["notes"] == []
    assert photo["seconds"].keys() == {"capture", "clustering", "effect"}
    assert len(photo["layers"]) == 9
    for layer in photo["layers"]:
        shares = layer["kept"] + layer["dropped"] + layer["discarded"] + layer["opposing"]
        assert shares == pytest.approx(1, abs=1e-6)
        for region in layer["regions"]:
            assert region.keys() == {"weight", "sign", "effect", "maps", "map_indices", "area"}
            assert region["maps"] == len(region["map_indices"])
            assert region["sign"] in ("supports", "opposes")


def test_an_unreadable_photo_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("not a photo")
    Image.new("CMYK", (32, 32)).save(tmp_path / "print.jpg")
    names = [str(tmp_path / "text.jpg"), str(tmp_path / "print.jpg"), str(tmp_path / "nowhere.jpg")]
    done = regions(*names, "--network", TINY, "--json", "--no-effects", "--layers", "2,4")
    assert (done.returncode, done.stderr) == (1, "")
    text, printed, nowhere = json.loads(done.stdout)
    assert text.keys() == nowhere.keys() == {"photo", "error"}
    assert [layer["name"] for layer in printed["layers"]] == ["2", "4"]
    assert "CMYK" in printed["notes"][0]


def test_the_table() -> None:
    done = regions(PANDA, "--network", TINY)
    assert done.returncode == 0
    assert done.stdout.startswith(f"{PANDA}: ")
    assert "supports" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--network", "vgg61"], "no network called vgg61. Did you mean vgg"),
        (["--network", TINY, "--weights", "{folder}/pickle.pt"], "holds more than tensors"),
        (["--network", TINY, "--device", "cuda:99"], "not there"),
        (["--network", TINY, "--layers", "9"], "no layer 9"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(arguments: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "pickle.pt").write_bytes(pickle.dumps([1, 2]))
    done = regions(PANDA, "--json", *(argument.format(folder=tmp_path) for argument in arguments))
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_the_site_reads_draws_and_archives_without_torch() -> None:
    imports = "; ".join(f"import {name}" for name in WITHOUT_TORCH)
    done = python("-c", f"{imports}; import sys; sys.exit('torch' in sys.modules)")
    assert (done.returncode, done.stderr) == (0, "")
