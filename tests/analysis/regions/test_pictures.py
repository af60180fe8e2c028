"""Files for people who would rather look than read."""

import json
from pathlib import Path

import pytest
from PIL import Image

from analysis.regions.contact_sheet import contact_sheet
from analysis.regions.pictures import Pictures
from tests.analysis.networks.tiny import tiny_network
from tests.analysis.regions.made import make_image_regions
from tests.analysis.regions.photos import noise

FOUND = make_image_regions({"block.1": ["supports", "opposes"], "relu#2": ["supports"], "none": []})
OVERLAYS = {"block.1-0.jpg", "block.1-1.jpg", "relu_2-0.jpg"}


def test_each_photo_has_a_sheet_and_a_folder_of_overlays(tmp_path: Path) -> None:
    network = tiny_network()
    Pictures(tmp_path / "new" / "folder", network, "faithful").write("panda", noise(0), FOUND)
    folder = tmp_path / "new" / "folder"
    assert {path.name for path in folder.iterdir()} == {"panda.jpg", "panda"}
    assert {path.name for path in (folder / "panda").iterdir()} == OVERLAYS
    crop = network.preprocessing.crop_photo(noise(0))
    with Image.open(folder / "panda.jpg") as sheet:
        assert sheet.size == contact_sheet(crop, FOUND).size
    with Image.open(folder / "panda" / "block.1-0.jpg") as overlay:
        assert overlay.size == crop.size


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (["a", "a", "a"], ["a", "a-2", "a-3"]),
        (["a", "a-2", "a"], ["a", "a-2", "a-3"]),
        (["a", "a", "a-2"], ["a", "a-2", "a-2-2"]),
        (["a", "A"], ["a", "A-2"]),  # some file systems do not tell capital letters apart
        (["a.jpg", "a"], ["a.jpg", "a-2"]),  # a folder may be called as another photo's sheet
        (["a", "a.jpg"], ["a", "a.jpg-2"]),
    ],
)
def test_no_photo_overwrites_another(names: list[str], written: list[str], tmp_path: Path) -> None:
    pictures = Pictures(tmp_path, tiny_network(), "faithful")
    for name in names:
        pictures.write(name, noise(0), FOUND)
    expected = {*written, *(f"{name}.jpg" for name in written)}
    assert {path.name for path in tmp_path.iterdir()} == expected
    assert all({one.name for one in (tmp_path / name).iterdir()} == OVERLAYS for name in written)


def test_a_folder_of_last_time_is_written_over(tmp_path: Path) -> None:
    for _ in range(2):
        Pictures(tmp_path, tiny_network(), "faithful").write("a", noise(0), FOUND)
    assert {path.name for path in tmp_path.iterdir()} == {"a", "a.jpg"}


def test_all_numbers_are_written_at_the_end(tmp_path: Path) -> None:
    Pictures(tmp_path, tiny_network(), "faithful").finish([{"photo": "é.jpg", "error": "broken"}])
    text = (tmp_path / "regions.json").read_text(encoding="utf-8")
    assert json.loads(text) == [{"photo": "é.jpg", "error": "broken"}]
    assert text.endswith("]\n")
