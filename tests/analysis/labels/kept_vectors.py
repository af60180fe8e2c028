"""Vectors kept in memory."""

from collections.abc import Sequence

from analysis.labels.vector_cache import Vector


class KeptVectors:
    """A `VectorStore` that lives as long as its test."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Vector] = {}

    def fetch(self, model: str, texts: Sequence[str]) -> dict[str, Vector]:
        return {text: self._kept[model, text] for text in texts if (model, text) in self._kept}

    def keep(self, model: str, texts: Sequence[str], vectors: Vector) -> None:
        for text, vector in zip(texts, vectors, strict=True):
            self._kept.setdefault((model, text), vector)
