"""Many phrases that people could have typed, with vectors that are alike where their words are."""

from collections import Counter
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.labels.embedding import SentenceEmbedder

Vectors = NDArray[np.float32]

_TYPED = Path(__file__).parent / "data" / "typed.txt"
_COMMON, _NOISE = 0.6, 0.3
"""Share of their mean taken from word vectors, and length of a phrase's own noise.

Two typed phrases of two words have a cosine of 0.58 (the middle 80 %: 0.40 to 0.77) where they share a word
and 0.14 (0.05 to 0.25) where they were drawn at random; made ones
0.51 (0.45 to 0.59) and 0.11 (0.01 to 0.22).
"""
_CHUNK = 10_000


def typed_phrases() -> list[str]:
    """4,000 distinct phrases in normal form, in the alphabet's order."""
    return _TYPED.read_text(encoding="utf-8").splitlines()


def made_phrases(n: int, seed: int = 0) -> list[str]:
    """Draw n distinct phrases: as long as typed ones, of their words, each as often as it was typed."""
    rng = np.random.default_rng(seed)
    lengths = [len(phrase.split()) for phrase in typed_phrases()]
    counts = Counter(word for phrase in typed_phrases() for word in phrase.split())
    words = np.array(sorted(counts), dtype=object)
    shares = np.array([counts[word] for word in words]) / sum(counts.values())
    made: dict[str, None] = {}
    while len(made) < n:
        sizes = rng.choice(lengths, size=n)
        drawn = words[rng.choice(len(words), size=sizes.sum(), p=shares)]
        ends = np.cumsum(sizes)
        made.update((" ".join(drawn[end - size : end]), None) for size, end in zip(sizes, ends, strict=True))
    return sorted(list(made)[:n])


@lru_cache(maxsize=1)
def word_vectors() -> dict[str, Vectors]:
    """Of all words in typed phrases, by the packaged model, with less of what they have in common."""
    words = sorted({word for phrase in typed_phrases() for word in phrase.split()})
    vectors = SentenceEmbedder()(words)
    return dict(zip(words, vectors - np.float32(_COMMON) * vectors.mean(axis=0), strict=True))


def made_vectors(phrases: list[str], seed: int = 0) -> Vectors:
    """The sum of a phrase's word vectors at length 1, with noise of its own: (n, 384) float32."""
    rng = np.random.default_rng(seed)
    of_word = word_vectors()
    dimension = len(next(iter(of_word.values())))
    vectors = np.empty((len(phrases), dimension), dtype=np.float32)
    for start in range(0, len(phrases), _CHUNK):
        some = vectors[start : start + _CHUNK]
        for row, phrase in zip(some, phrases[start : start + _CHUNK], strict=True):
            np.sum([of_word[word] for word in phrase.split()], axis=0, out=row)
        some /= np.linalg.norm(some, axis=1, keepdims=True)
        some += rng.standard_normal(some.shape, dtype=np.float32) * np.float32(_NOISE / dimension**0.5)
    return vectors
