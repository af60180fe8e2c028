"""Vectors of texts, computed once, ever: what keeps them, and an embedder that asks there first."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
BATCH = 2_000
"""Texts embedded between two times of keeping: what a run that is stopped loses at most."""


class Embedder(Protocol):
    """A sentence model; `SentenceEmbedder` is one. `name` says which, with its version."""

    @property
    def name(self) -> str: ...

    def __call__(self, texts: Sequence[str], /) -> Vector:
        """n texts -> (n, d) float32, rows of length 1."""
        ...


class VectorStore(Protocol):
    """Keeps (d,) float32 vectors by a model's name and a text, for all who share it, at the same time too."""

    def fetch(self, model: str, texts: Sequence[str]) -> dict[str, Vector]:
        """Those of the texts that are kept."""
        ...

    def keep(self, model: str, texts: Sequence[str], vectors: Vector) -> None:
        """Keep (n, d) vectors of n texts; where somebody was quicker, theirs stays."""
        ...


class CachedEmbedder:
    """An embedder that asks its model only for texts whose vectors are not kept yet.

    Vectors are kept by the model's name: a model that changes needs another name or folder.

    Args:
        embedder: asked for missing texts, in batches sorted by text.
        store: shared with others or not.
        progress: told after each batch how many texts it embedded.
    """

    def __init__(
        self, embedder: Embedder, store: VectorStore, progress: Callable[[int], object] = lambda n: None
    ) -> None:
        self.name = embedder.name
        self._embedder = embedder
        self._store = store
        self._progress = progress

    def __call__(self, texts: Sequence[str]) -> Vector:
        """n texts, each any number of times -> (n, d) float32, as the embedder gave them at first."""
        distinct = sorted(set(texts))
        if not distinct:
            return self._embedder([])
        vectors = self._store.fetch(self.name, distinct)
        missing = [text for text in distinct if text not in vectors]
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            new = self._embedder(batch)
            self._store.keep(self.name, batch, new)
            vectors.update(zip(batch, new, strict=True))
            self._progress(len(batch))
        return np.stack([vectors[text] for text in texts])
