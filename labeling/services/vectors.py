"""Vectors of texts in the database, for all workers."""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np

from analysis.labels.vector_cache import Vector
from labeling.models import SentenceVector

CHUNK = 500  # digests in one statement
_TYPE = "<f4"


class VectorTable:
    """A `VectorStore` of rows, by model and SHA-256 of the text."""

    def fetch(self, model: str, texts: Sequence[str]) -> dict[str, Vector]:
        by_digest = {_digest(text): text for text in texts}
        digests = list(by_digest)
        found: dict[str, Vector] = {}
        for start in range(0, len(digests), CHUNK):
            rows = SentenceVector.objects.filter(model=model, digest__in=digests[start : start + CHUNK])
            for digest, vector in rows.values_list("digest", "vector"):
                found[by_digest[bytes(digest)]] = np.frombuffer(bytes(vector), _TYPE).astype(np.float32)
        return found

    def keep(self, model: str, texts: Sequence[str], vectors: Vector) -> None:
        rows = [
            SentenceVector(model=model, digest=_digest(text), vector=vector.astype(_TYPE).tobytes())
            for text, vector in zip(texts, vectors, strict=True)
        ]
        SentenceVector.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
