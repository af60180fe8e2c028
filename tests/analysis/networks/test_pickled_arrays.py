"""Arrays from pickles that nobody needs to trust."""

import builtins
import pickle
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analysis.networks.errors import NetworkError
from analysis.networks.pickled_arrays import Array, read_arrays
from analysis.networks.squeezenet import packaged_file

EYE = np.array([[1.0, 0.5], [0.0, -2.0]], dtype="<f4")


def pickled(
    shape: bytes = b"K\x02K\x02\x86", kind: str = "f4", order: str = "<", content: bytes = b""
) -> bytes:
    """The pickle of {"eye": [EYE]} as NumPy 1 wrote it, by hand; parts of it can be made wrong."""
    content = content or struct.pack("<4f", 1.0, 0.5, 0.0, -2.0)
    return b"".join(
        [
            b"\x80\x03}X\x03\x00\x00\x00eye]",
            b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R",
            b"(K\x01" + shape,
            b"cnumpy\ndtype\nX\x02\x00\x00\x00" + kind.encode() + b"K\x00K\x01\x87R",
            b"(K\x03X\x01\x00\x00\x00" + order.encode() + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb",
            b"\x89C" + bytes([len(content)]) + content + b"tbas.",
        ]
    )


class Calls:
    """Calls a function with arguments when it is unpickled."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call


def read(content: bytes, folder: Path) -> dict[str, tuple[Array, ...]]:
    (folder / "weights.pkl").write_bytes(content)
    return read_arrays(folder / "weights.pkl")


def test_it_reads_what_numpy_reads(tmp_path: Path) -> None:
    (array,) = read(pickled(), tmp_path)["eye"]
    np.testing.assert_array_equal(array, EYE)
    np.testing.assert_array_equal(array, pickle.loads(pickled())["eye"][0])
    assert array.dtype == np.float32


def test_every_array_of_the_package() -> None:
    found = read_arrays(packaged_file())
    trusted = pickle.loads(packaged_file().read_bytes())  # the very file that the package's own code loads
    assert found.keys() == trusted.keys()
    for name, arrays in trusted.items():
        for mine, theirs in zip(found[name], arrays, strict=True):
            np.testing.assert_array_equal(mine, theirs, strict=True)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize(
    ("function", "name"),
    [
        (builtins.eval, "eval"),
        (builtins.getattr, "getattr"),
        (shutil.rmtree, "shutil.rmtree"),
        (np.load, "numpy.load"),
        (np.frombuffer, "frombuffer"),
    ],
)
def test_it_refuses_any_other_function(
    function: Callable[..., object], name: str, protocol: int, tmp_path: Path
) -> None:
    (tmp_path / "kept").mkdir()
    content = pickle.dumps({"eye": [Calls(function, str(tmp_path / "kept"))]}, protocol)
    with pytest.raises(NetworkError, match=rf"asks for '[\w.]*{name}'"):
        read(content, tmp_path)
    assert (tmp_path / "kept").is_dir()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"cos\nsystem\n(S'touch PROOF'\ntR.", "os.system"),
        (b"cposix\nsystem\n(S'touch PROOF'\ntR.", "posix.system"),
        (b"(S'touch PROOF'\nios\nsystem\n.", "os.system"),
        (b"\x80\x04\x8c\x08builtins\x8c\x04exec\x93\x8c\x09open('P')\x85R.", "builtins.exec"),
        (b"\x80\x04\x8c\x05numpy\x8c\x0endarray.tofile\x93.", "numpy.ndarray.tofile"),
        (b"cnumpy.core.multiarray\n_reconstruct.__globals__\n.", "__globals__"),
        (b"canalysis.networks.pickled_arrays\npickle\n.", "analysis.networks.pickled_arrays.pickle"),
    ],
)
def test_it_refuses_handwritten_code(
    content: bytes, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NetworkError, match=f"asks for '.*{name}'"):
        read(content, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["weights.pkl"]


def test_numpys_own_functions_are_not_called(tmp_path: Path) -> None:
    """A type of Python objects whose bytes would be taken for addresses; a terabyte that nobody has."""
    for content in (
        pickled(kind="O8", order="|"),
        b"cnumpy\nndarray\n(J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86tR.",
        pickled(shape=b"J\x00\x00\x00\x40J\x00\x00\x00\x40\x86"),
    ):
        with pytest.raises(NetworkError, match=r"something else|does not hold"):
            read(content, tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        pickled(kind="f8"),
        pickled(kind="f2"),
        pickled(order=">"),
        pickled(shape=b"K\x02K\x03\x86"),
        pickled(shape=b"K\x00K\x02\x86"),
        pickled(shape=b"J\xff\xff\xff\xffJ\xfc\xff\xff\xff\x86"),
        pickled(shape=b"X\x01\x00\x00\x002K\x02\x86"),
        pickled(content=b"short"),
        pickle.dumps({"eye": [1.0]}, 3),
        pickle.dumps({"eye": "text"}, 3),
        pickle.dumps({"eye": 7}, 3),
        b"\x80\x03}X\x03\x00\x00\x00eyecnumpy\nndarray\ns.",
    ],
)
def test_it_refuses_anything_else_than_float32_arrays(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="something else than lists of float32 arrays"):
        read(content, tmp_path)


def test_it_refuses_arrays_without_names(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="does not hold arrays by name"):
        read(pickle.dumps([1, 2]), tmp_path)


def test_it_refuses_a_file_that_is_cut_off_anywhere(tmp_path: Path) -> None:
    whole = pickled()
    for length in range(len(whole)):
        with pytest.raises(NetworkError, match=r"broken|asks for"):  # half a name is another name
            read(whole[:length], tmp_path)


@pytest.mark.parametrize(
    "content", [b"garbage", bytes(range(256)), b"\x80\x03cnumpy\nndarray\n}b.", b"\x82\x01."]
)
def test_it_refuses_garbage(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=r"weights\.pkl is broken"):
        read(content, tmp_path)


def test_it_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="cannot be read"):
        read_arrays(tmp_path / "weights.pkl")
