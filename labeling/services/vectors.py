"""Vectors of texts: computed once, ever, and kept in the database for all workers."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from analysis.labels.embedding import SentenceEmbedder
from labeling.models import SentenceVector

CHUNK = 500  # ids in one statement
_TYPE = "<f4"


class KeptEmbedder:
    """An embedder that asks its model only for texts whose vectors are not kept yet.

    Vectors are kept by the model's name and the text: a model that changes needs another name or folder.
    """

    def __init__(self, embedder: SentenceEmbedder) -> None:
        self.name = embedder.name
        self._embedder = embedder

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, d) float32 for n texts, see `SentenceEmbedder`."""
        if not texts:
            return self._embedder(texts)
        digests = {text: sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts}
        kept = self._kept(list(digests.values()))
        missing = sorted(text for text, digest in digests.items() if digest not in kept)
        if missing:
            vectors = dict(zip(missing, self._embedder(missing), strict=True))
            self._keep({digests[text]: vector for text, vector in vectors.items()})
            kept.update((digests[text], vector) for text, vector in vectors.items())
        return np.stack([kept[digests[text]] for text in texts])

    def _kept(self, digests: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        found: dict[bytes, NDArray[np.float32]] = {}
        for some in _chunks(digests):
            rows = SentenceVector.objects.filter(model=self.name, digest__in=some)
            for digest, vector in rows.values_list("digest", "vector"):
                found[bytes(digest)] = np.frombuffer(bytes(vector), dtype=_TYPE).astype(np.float32)
        return found

    def _keep(self, vectors: dict[bytes, NDArray[np.float32]]) -> None:
        """Where another worker was quicker, its vector stays."""
        SentenceVector.objects.bulk_create(
            (
                SentenceVector(model=self.name, digest=digest, vector=vector.astype(_TYPE).tobytes())
                for digest, vector in vectors.items()
            ),
            batch_size=CHUNK,
            ignore_conflicts=True,
        )


def _chunks(digests: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (digests[start : start + CHUNK] for start in range(0, len(digests), CHUNK))
