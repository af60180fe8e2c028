from pathlib import Path

import pytest

from analysis.networks.classes import LONGEST_NAME, read_classes
from analysis.networks.errors import NetworkError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "classes.txt"


@pytest.mark.parametrize("text", ["cat\n dog \n", '["cat", "dog"]', "\ufeffcat\r\ndog\r\n\r\n"])
def test_it_reads_lines_and_lists(file: Path, text: str) -> None:
    file.write_bytes(text.encode())
    assert read_classes(file) == ("cat", "dog")


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"cat\n\ndog", b"[1, 2]", b'["cat"', b"\xff\xfe", b"ca\0t"),
        *(b"x" * (LONGEST_NAME + 1), b'["ca\\nt"]'),
    ],
)
def test_it_refuses_what_cannot_be_shown_or_stored(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(NetworkError):
        read_classes(file)
