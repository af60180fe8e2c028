"""A file of vectors for the command line, shared by processes that run at the same time."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_APPLICATION = 0x676C6D70  # "glmp", in the place where SQLite's files say whose they are
_LAYOUT = 1
_CREATE = """CREATE TABLE vector (
    model TEXT NOT NULL, digest BLOB NOT NULL, vector BLOB NOT NULL, UNIQUE (model, digest)
)"""
_TYPE = "<f4"
_CHUNK = 500  # digests in one statement
_PATIENCE = 60.0  # seconds that others may write


class VectorFileError(OSError):
    """A file that cannot keep vectors, with a sentence that says what to do."""


class VectorFile:
    """Vectors in an SQLite file, by model and SHA-256 of the text; see `VectorStore`.

    Vectors come back exactly as they were kept, so that groups do not depend on whether a text was known.
    Every call opens the file anew, so that threads and forked processes may share one `VectorFile`.

    Args:
        path: made with its folder where it does not exist. On a disk of this machine, not on a shared one:
            SQLite's write-ahead log needs shared memory.

    Raises (each method): VectorFileError when the file is another program's, of another layout, damaged or
        cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def fetch(self, model: str, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Those of the texts that are kept for the model, each with its (d,) float32 vector."""
        by_digest = {_digest(text): text for text in texts}
        digests = list(by_digest)
        found: dict[str, NDArray[np.float32]] = {}
        with self._open() as file:
            for start in range(0, len(digests), _CHUNK):
                some = digests[start : start + _CHUNK]
                marks = ",".join("?" * len(some))
                query = f"SELECT digest, vector FROM vector WHERE model = ? AND digest IN ({marks})"
                for digest, vector in file.execute(query, (model, *some)):
                    found[by_digest[digest]] = self._read(vector)
        if len({vector.shape for vector in found.values()}) > 1:
            raise self._unusable(f"it has vectors of several lengths for {model}")
        return found

    def keep(self, model: str, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep (n, d) vectors of n texts, all or none of them; those kept before stay as they are."""
        rows = [
            (model, _digest(text), vector.astype(_TYPE).tobytes())
            for text, vector in zip(texts, vectors, strict=True)
        ]
        with self._open() as file:
            file.execute("BEGIN IMMEDIATE")
            file.executemany("INSERT OR IGNORE INTO vector VALUES (?, ?, ?)", rows)
            file.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)) as file:
                file.execute("PRAGMA synchronous = NORMAL")  # a crash may lose the last vectors, not the file
                self._prepare(file)
                yield file
        except sqlite3.OperationalError as error:
            raise VectorFileError(
                f"{self._path}: {error}. Name a file in a folder that you may write."
            ) from error
        except sqlite3.DatabaseError as error:
            raise self._unusable(str(error)) from error

    def _prepare(self, file: sqlite3.Connection) -> None:
        if self._mark(file) == (_APPLICATION, _LAYOUT):
            return
        file.execute("BEGIN IMMEDIATE")
        if self._mark(file) != (_APPLICATION, _LAYOUT):  # else another process was quicker
            if file.execute("SELECT 1 FROM sqlite_schema").fetchone():
                raise self._unusable("it is not a file of vectors, or one of another version")
            file.execute(_CREATE)
            file.execute(f"PRAGMA application_id = {_APPLICATION}")
            file.execute(f"PRAGMA user_version = {_LAYOUT}")
        file.execute("COMMIT")
        file.execute("PRAGMA journal_mode = WAL")

    @staticmethod
    def _mark(file: sqlite3.Connection) -> tuple[int, int]:
        application, layout = (
            file.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        )
        return int(application), int(layout)

    def _read(self, stored: object) -> NDArray[np.float32]:
        if not isinstance(stored, bytes) or not stored or len(stored) % np.dtype(_TYPE).itemsize:
            raise self._unusable("it has a vector that is none")
        vector = np.frombuffer(stored, dtype=_TYPE).astype(np.float32)
        if not np.isfinite(vector).all():
            raise self._unusable("it has a vector that is not finite")
        return vector

    def _unusable(self, why: str) -> VectorFileError:
        return VectorFileError(
            f"{self._path}: {why}. Move it away, and a new one will be made; or name another file."
        )


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
