"""Which class is explained."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.networks.errors import NetworkError
from analysis.networks.network import Network
from analysis.regions.settings import SettingsError
from analysis.regions.targets import class_index, find_target, read_truth
from tests.analysis.networks.tiny import tiny_network

PHOTO = Path("somewhere/a.jpg")
Table = Callable[[str], Path]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    def write(text: str) -> Path:
        path = tmp_path / "truth.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_predicted_class() -> None:
    assert find_target("predicted", None, tiny_network())(PHOTO) is None


@pytest.mark.parametrize(("wanted", "index"), [("ant", 0), ("cat", 2), ("0", 0), ("2", 2)])
def test_a_class_by_name_or_number(wanted: str, index: int) -> None:
    assert find_target(wanted, None, tiny_network())(PHOTO) == index


@pytest.mark.parametrize("wanted", ["3", "-1", "bees", "1.0", "²", "", "Ant"])
def test_a_class_that_there_is_not(wanted: str) -> None:
    with pytest.raises(SettingsError, match=r"no class .* a number from 0 to 2"):
        find_target(wanted, None, tiny_network())


def test_a_mistyped_name_gets_a_suggestion() -> None:
    with pytest.raises(SettingsError, match=r"tiny has no class bees\. Did you mean bee\?"):
        find_target("bees", None, tiny_network())


def test_a_name_of_two_classes_needs_a_number() -> None:
    network = replace(tiny_network(), class_names=("crane", "ant", "crane"))
    with pytest.raises(SettingsError, match=r"several classes called crane\. Give a number: 0 and 2\."):
        class_index("crane", network)
    assert class_index("2", network) == 2


@pytest.mark.parametrize("index", [134, 517, 638, 639])
def test_cranes_and_maillots_of_imagenet_are_told_apart(lite: Network, index: int) -> None:
    assert class_index(lite.class_names[index], lite) == index


def test_the_true_class(table: Table) -> None:
    target = find_target("true", table("class,file,more\nbee,a.jpg,x\n2,b.jpg,y\n"), tiny_network())
    assert target(PHOTO) == 1
    assert target(Path("b.jpg")) == 2


def test_a_table_as_spreadsheets_save_it(table: Table) -> None:
    assert read_truth(table('\ufefffile,class\r\na.jpg,"ant, red"\r\n')) == {"a.jpg": "ant, red"}


def test_the_true_class_needs_a_table() -> None:
    with pytest.raises(SettingsError, match="needs --truth, a CSV file with the columns file and class"):
        find_target("true", None, tiny_network())


@pytest.mark.parametrize("text", ["", "file,class\n", "file,label\na.jpg,ant\n", "a.jpg,ant\n"])
def test_a_table_without_what_is_needed(table: Table, text: str) -> None:
    with pytest.raises(SettingsError, match=r"truth\.csv needs a first line with the columns file and class"):
        find_target("true", table(text), tiny_network())


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", None])
def test_a_table_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "truth.csv").write_bytes(content)
    with pytest.raises(SettingsError, match=r"truth\.csv cannot be read\. Give a CSV file in UTF-8"):
        find_target("true", tmp_path / "truth.csv", tiny_network())


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("b.jpg,ant", r"truth\.csv has no class for a\.jpg\. Add a row for it"),
        ("a.jpg,bees", r"no class bees\. Did you mean bee"),
        ("a.jpg", "no class"),
    ],
)
def test_a_photo_without_a_true_class_is_an_error_of_this_photo(table: Table, row: str, message: str) -> None:
    target = find_target("true", table(f"file,class\n{row}\nc.jpg,cat\n"), tiny_network())
    with pytest.raises(NetworkError, match=message):
        target(PHOTO)
    assert target(Path("c.jpg")) == 2
