"""Vectors of texts in the database, for all workers."""

from collections.abc import Collection, Sequence
from hashlib import sha256

import numpy as np

from analysis.labels.lemma_key import lemma_key
from analysis.labels.vector_cache import Vector
from labeling.models import SentenceVector, Word

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


def unsaid_vectors(texts: Collection[str]) -> list[bytes]:
    """Digests of texts, and of their words and lemmas, that nobody is known to say any more."""
    wanted = sorted({*texts, *(word for text in texts for word in (*text.split(), *lemma_key(text)))})
    found: list[bytes] = []
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        kept = set(Word.objects.filter(text__in=some).values_list("text", flat=True))
        found += [_digest(text) for text in some if text not in kept]
    return found


def vectors_forget(*, digests: Sequence[bytes]) -> None:
    """Forget vectors in every model. One that is needed after all is computed once more."""
    for start in range(0, len(digests), CHUNK):
        SentenceVector.objects.filter(digest__in=digests[start : start + CHUNK]).delete()


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
