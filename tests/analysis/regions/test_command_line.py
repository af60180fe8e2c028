"""`python -m analysis.regions` as a person runs it, and what the site may import."""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from PIL import Image

from analysis.regions.__main__ import main
from tests.analysis.regions.photos import DEMO, noise

ROOT = Path(__file__).parents[3]
PANDA, KOALA = (str(DEMO / f"{name}.jpg") for name in ("panda", "koala"))
TINY = "tests.analysis.networks.tiny:installed"
WITHOUT_TORCH = (
    "analysis.networks",
    "analysis.networks.photos",
    "analysis.networks.preprocessing",
    "analysis.regions",
    "analysis.regions.archive",
    "analysis.regions.contact_sheet",
    "analysis.regions.fidelity",
    "analysis.regions.overlays",
    "analysis.regions.plots",
    "analysis.regions.presets.faithful",
    "analysis.regions.presets.integrated",
    "analysis.regions.presets.paper",
    "analysis.regions.recipe",
    "analysis.regions.results",
    "analysis.regions.reveals",
    "analysis.regions.serialise",
    "analysis.regions.settings",
    "analysis.regions.table",
    "analysis.regions.upsampling",
)


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@dataclass
class Done:
    status: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def regions(capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process, which is faster than another one for each test."""

    def run(*arguments: str) -> Done:
        capsys.readouterr()
        status = main(arguments)
        return Done(status, *capsys.readouterr())

    return run


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    """Three photos of two names."""
    paths = [tmp_path / "one" / "a.png", tmp_path / "one" / "b.png", tmp_path / "two" / "a.png"]
    for seed, path in enumerate(paths):
        path.parent.mkdir(exist_ok=True)
        noise(seed).save(path)
    return [str(path) for path in paths]


def test_photos_as_json_as_a_program_reads_it() -> None:
    done = python("-m", "analysis.regions", PANDA, KOALA, "--json")
    assert (done.returncode, done.stderr) == (0, "")  # nor is progress shown where nobody looks
    photo, koala = json.loads(done.stdout)
    assert koala["class_name"] == "koala"
    assert photo["photo"] == PANDA
    assert (photo["class_index"], photo["class_name"]) == (388, "giant panda")
    assert (photo["predicted_index"], photo["predicted_name"]) == (388, "giant panda")
    assert photo["notes"] == []
    assert photo["seconds"].keys() == {"capture", "clustering", "effect", "stability"}
    assert len(photo["layers"]) == 9
    for layer in photo["layers"]:
        shares = layer["kept"] + layer["dropped"] + layer["discarded"] + layer["opposing"]
        assert shares == pytest.approx(1, abs=1e-6)
        for region in layer["regions"]:
            assert region.keys() == {
                "index", "weight", "sign", "effect", "stability", "maps", "map_indices", "area",
                "mean_activation",
            }  # fmt: skip
            assert region["maps"] == len(region["map_indices"])
            assert region["sign"] in ("supports", "opposes")
            assert region["stability"] is None


def test_progress_is_shown_to_a_person(
    photos: list[str], regions: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert "0/3" in regions(*photos, "--network", TINY, "--no-effects").err
    assert regions(photos[0], "--network", TINY, "--no-effects").err == ""  # over at once


def test_an_unreadable_photo_does_not_stop_the_others(tmp_path: Path, regions: Run) -> None:
    (tmp_path / "text.jpg").write_text("not a photo")
    Image.new("CMYK", (32, 32)).save(tmp_path / "print.jpg")
    names = [str(tmp_path / "text.jpg"), str(tmp_path / "print.jpg"), str(tmp_path / "nowhere.jpg")]
    done = regions(*names, "--network", TINY, "--json", "--no-effects", "--layers", "4, 2")
    assert (done.status, done.err) == (1, "")
    text, printed, nowhere = json.loads(done.out)
    assert text.keys() == nowhere.keys() == {"photo", "error"}
    assert [layer["name"] for layer in printed["layers"]] == ["2", "4"]
    assert "CMYK" in printed["notes"][0]


def test_the_table(photos: list[str], regions: Run) -> None:
    done = regions(photos[0], "--network", TINY)
    assert done.status == 0
    assert done.out.startswith(f"{photos[0]}: ")
    assert "supports" in done.out
    assert "\n\n" not in done.out


def test_the_table_of_several_photos_ends_with_fidelity(photos: list[str], regions: Run) -> None:
    done = regions(*photos, "--network", TINY)
    tables = done.out.split("\n\n")
    assert len(tables) == 4
    assert tables[-1].startswith("fidelity")


@pytest.mark.parametrize("preset", ["paper", "integrated"])
def test_other_presets(preset: str, photos: list[str], regions: Run) -> None:
    arguments = (photos[0], "--network", TINY, "--json", "--no-effects")
    usual, other = (regions(*arguments, *more) for more in ((), ("--preset", preset)))
    assert (usual.status, other.status) == (0, 0)
    shares = [[layer["opposing"] for layer in json.loads(one.out)[0]["layers"]] for one in (usual, other)]
    assert shares[0] != shares[1]
    assert preset != "paper" or not any(shares[1])


def test_stability_and_seed(photos: list[str], regions: Run) -> None:
    arguments = (photos[0], "--network", TINY, "--json", "--no-effects", "--stability")
    first, again, other = (
        [region["stability"] for layer in json.loads(done.out)[0]["layers"] for region in layer["regions"]]
        for done in (regions(*arguments, "--seed", seed) for seed in ("1", "1", "2"))
    )
    assert first == again != other
    assert all(-1 <= value <= 1 for value in first)


def test_mixed_precision_and_threads(photos: list[str], regions: Run) -> None:
    arguments = (photos[0], "--network", TINY, "--json", "--no-effects")
    single, mixed = (json.loads(regions(*arguments, *more).out)[0] for more in ((), ("--mixed",)))
    assert mixed["logit"] == pytest.approx(single["logit"], rel=0.02)
    assert mixed["logit"] != single["logit"]
    assert regions(*arguments, "--threads", "2").status == 0
    assert torch.get_num_threads() == 2


@pytest.mark.parametrize("target", ["bee", "1"])
def test_a_class_that_is_named(target: str, photos: list[str], regions: Run) -> None:
    done = regions(*photos, "--network", TINY, "--no-effects", "--json", "--target", target)
    assert [photo["class_index"] for photo in json.loads(done.out)] == [1, 1, 1]


def test_the_true_class_and_a_photo_without_one(photos: list[str], tmp_path: Path, regions: Run) -> None:
    (tmp_path / "truth.csv").write_text("file,class\na.png,cat\n")
    done = regions(
        *photos, "--network", TINY, "--no-effects", "--json",
        "--target", "true", "--truth", str(tmp_path / "truth.csv"),
    )  # fmt: skip
    first, second, third = json.loads(done.out)
    assert done.status == 1
    assert first["class_index"] == third["class_index"] == 2
    assert second["error"] == "truth.csv has no class for b.png. Add a row for it."


def test_pictures(photos: list[str], tmp_path: Path, regions: Run) -> None:
    out = tmp_path / "out"
    done = regions(*photos, "--network", TINY, "--json", "--no-effects", "--out", str(out))
    assert done.status == 0
    names = {"a", "a.jpg", "a-2", "a-2.jpg", "b", "b.jpg", "regions.json"}
    assert {path.name for path in out.iterdir()} == names
    assert json.loads((out / "regions.json").read_text()) == json.loads(done.out)
    for name, photo in zip(("a", "b", "a-2"), json.loads(done.out), strict=True):
        regions_found = sum(len(layer["regions"]) for layer in photo["layers"])
        assert len(list((out / name).iterdir())) == regions_found > 0


def test_a_folder_that_cannot_be_written_to(photos: list[str], tmp_path: Path, regions: Run) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = regions(photos[0], "--network", TINY, "--out", str(tmp_path / "file" / "out"))
    assert (done.status, done.out) == (2, "")
    assert done.err == f"{tmp_path / 'file' / 'out'}: Not a directory. Choose another folder.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--network", "vgg61"], "no network called vgg61. Did you mean vgg"),
        (["--network", TINY, "--weights", "{folder}/pickle.pt"], "holds more than tensors"),
        (["--network", TINY, "--device", "cuda:99"], "not there"),
        (["--network", TINY, "--layers", "9"], "no layer 9"),
        (["--network", TINY, "--preset", "magic"], "preset must be faithful or paper or integrated"),
        (["--network", TINY, "--seed", "-1"], "seed must be a whole number from 0"),
        (["--network", TINY, "--target", "bees"], "no class bees. Did you mean bee?"),
        (["--network", TINY, "--target", "true"], "--target true needs --truth"),
        (["--network", TINY, "--target", "true", "--truth", "{folder}/no.csv"], "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(
    arguments: list[str], message: str, tmp_path: Path, regions: Run
) -> None:
    (tmp_path / "pickle.pt").write_bytes(pickle.dumps([1, 2]))
    done = regions(PANDA, "--json", *(argument.format(folder=tmp_path) for argument in arguments))
    assert done.status == 2
    assert message in done.err
    assert len(done.err.splitlines()) == 1
    assert done.out == ""


@pytest.mark.parametrize("threads", ["0", "-1", "1.5", "many", "²"])
def test_threads_are_a_whole_number(threads: str, regions: Run) -> None:
    with pytest.raises(SystemExit) as left:
        regions(PANDA, "--threads", threads)
    assert left.value.code == 2


def test_the_site_reads_draws_and_archives_without_torch() -> None:
    imports = "; ".join(f"import {name}" for name in WITHOUT_TORCH)
    done = python("-c", f"{imports}; import sys; sys.exit('torch' in sys.modules)")
    assert (done.returncode, done.stderr) == (0, "")
