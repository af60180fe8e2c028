"""Each text is embedded once, ever: through any store, in one file, by many processes."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.labels import vector_cache
from analysis.labels.vector_cache import CachedEmbedder, VectorStore
from analysis.labels.vector_file import VectorFile, VectorFileError

Vectors = NDArray[np.float32]
ROOT = Path(__file__).parents[3]


class Counting:
    """A model of three dimensions that remembers what it was asked."""

    def __init__(self, name: str = "counting==1") -> None:
        self.name = name
        self.asked: list[list[str]] = []

    def __call__(self, texts: Sequence[str], /) -> Vectors:
        if texts:
            self.asked.append(list(texts))
        rows = [[len(text) / 3, sum(map(ord, text)) / 7, len(self.name)] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(-1, 3)


class InMemory:
    """The least that a store can be."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Vectors] = {}

    def fetch(self, model: str, texts: Sequence[str]) -> dict[str, Vectors]:
        return {text: self._kept[model, text] for text in texts if (model, text) in self._kept}

    def keep(self, model: str, texts: Sequence[str], vectors: Vectors) -> None:
        for text, vector in zip(texts, vectors, strict=True):
            self._kept.setdefault((model, text), vector)


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> VectorStore:
    return VectorFile(tmp_path / "new" / "vectors.sqlite3") if request.param == "file" else InMemory()


def test_each_text_is_embedded_once_and_in_order(store: VectorStore) -> None:
    model = Counting()
    embed = CachedEmbedder(model, store)
    first = embed(["tail", "ear", "tail"])
    second = embed(["stripes", "ear"])
    assert model.asked == [["ear", "tail"], ["stripes"]]
    np.testing.assert_array_equal(first, Counting()(["tail", "ear", "tail"]))
    np.testing.assert_array_equal(second, Counting()(["stripes", "ear"]))
    assert first.dtype == np.float32


def test_another_embedder_asks_only_what_is_new(store: VectorStore) -> None:
    CachedEmbedder(Counting(), store)(["ear"])
    later = Counting()
    assert CachedEmbedder(later, store)(["ear"]).shape == (1, 3)
    assert later.asked == []
    other = Counting("counting==22")
    assert CachedEmbedder(other, store)(["ear"])[0, 2] == len("counting==22")
    assert other.asked == [["ear"]]


def test_no_texts(store: VectorStore) -> None:
    assert CachedEmbedder(Counting(), store)([]).shape == (0, 3)


def test_any_text_is_kept(store: VectorStore) -> None:
    texts = ["", "🦓", "\udc80", "a\x00b", "a", "פסים", "x" * 10_000, "é", "é"]
    embed = CachedEmbedder(Counting(), store)
    np.testing.assert_array_equal(embed(texts), Counting()(texts))
    np.testing.assert_array_equal(embed(texts), Counting()(texts))


def test_what_was_embedded_is_kept_though_the_next_batch_fails(
    store: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_cache, "BATCH", 2)

    class Failing(Counting):
        def __call__(self, texts: Sequence[str], /) -> Vectors:
            if "d" in texts:
                raise MemoryError
            return super().__call__(texts)

    seen: list[int] = []
    with pytest.raises(MemoryError):
        CachedEmbedder(Failing(), store, seen.append)(["a", "b", "c", "d"])
    assert seen == [2]
    model = Counting()
    CachedEmbedder(model, store, seen.append)(["a", "b", "c", "d", "e"])
    assert model.asked == [["c", "d"], ["e"]]
    assert seen == [2, 2, 1]


def test_the_first_vector_stays(store: VectorStore) -> None:
    store.keep("m", ["a"], np.ones((1, 2), dtype=np.float32))
    store.keep("m", ["a", "b"], np.zeros((2, 2), dtype=np.float32))
    assert {text: vector.tolist() for text, vector in store.fetch("m", ["a", "b", "c"]).items()} == {
        "a": [1, 1],
        "b": [0, 0],
    }


def test_thousands_of_texts(store: VectorStore) -> None:
    texts = [f"label {index}" for index in range(5_000)]
    embed = CachedEmbedder(Counting(), store)
    np.testing.assert_array_equal(embed(texts), embed(texts))
    assert len(store.fetch("counting==1", texts)) == len(texts)


WORKER = """
import sys
from pathlib import Path
from analysis.labels.vector_cache import CachedEmbedder
from analysis.labels.vector_file import VectorFile
from tests.analysis.labels.test_vector_cache import Counting
embed = CachedEmbedder(Counting(), VectorFile(Path(sys.argv[1])))
for start in range(int(sys.argv[2]), 400, 7):
    embed([f"label {index}" for index in range(start, start + 40)])
"""


def test_processes_share_one_file(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite3"
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, str(path), str(start)], cwd=ROOT)
        for start in range(4)
    ]
    assert [worker.wait(timeout=120) for worker in workers] == [0] * 4
    texts = [f"label {index}" for index in range(400)]
    found = VectorFile(path).fetch("counting==1", texts)
    np.testing.assert_array_equal(np.stack([found[text] for text in texts]), Counting()(texts))


def foreign_file(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE recipe (name TEXT)")
    file.close()


def text_file(path: Path) -> None:
    path.write_text("scope,text\nzebra,stripes\n" * 50)


def cut_file(path: Path) -> None:
    whole = VectorFile(path)
    texts = [f"label {index}" for index in range(2_000)]
    whole.keep("m", texts, np.ones((2_000, 64), dtype=np.float32))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def later_layout(path: Path) -> None:
    VectorFile(path).fetch("m", ["a"])
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA user_version = 2")
    file.close()


@pytest.mark.parametrize("make", [foreign_file, text_file, cut_file, later_layout])
def test_a_file_that_cannot_be_used_says_what_to_do_and_stays_as_it_is(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "vectors.sqlite3"
    make(path)
    before = path.read_bytes()
    texts = [f"label {index}" for index in range(2_000)]
    with pytest.raises(VectorFileError, match=r"vectors\.sqlite3: .*Move it away"):
        VectorFile(path).fetch("m", texts)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "blob", [b"", b"abc", np.float32("nan").tobytes(), np.ones(3, dtype=np.float32).tobytes()]
)
def test_a_vector_that_is_none_is_refused(blob: bytes, tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite3"
    VectorFile(path).keep("m", ["a", "b"], np.ones((2, 2), dtype=np.float32))
    with sqlite3.connect(path) as file:
        file.execute("UPDATE vector SET vector = ? WHERE digest = (SELECT min(digest) FROM vector)", (blob,))
    file.close()
    with pytest.raises(VectorFileError, match="Move it away"):
        VectorFile(path).fetch("m", ["a", "b"])


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "vectors.sqlite3").mkdir()
    with pytest.raises(VectorFileError, match="may write"):
        VectorFile(tmp_path / "vectors.sqlite3").fetch("m", ["a"])
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        VectorFile(tmp_path / "file" / "vectors.sqlite3").fetch("m", ["a"])
