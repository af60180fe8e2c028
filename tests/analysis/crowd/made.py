"""Small crowds by hand."""

from collections.abc import Sequence

import numpy as np

from analysis.crowd.crowd import Crowd, gathered
from analysis.crowd.records import NOT_GOLD, Work
from analysis.crowd.words import Vocabulary, vocabulary_of

Said = tuple[int, int, str]
"""A player, a photograph, and labels with commas between."""


def make_work(
    said: Sequence[Said],
    *,
    seconds: Sequence[float] | None = None,
    golds: Sequence[int] | None = None,
    languages: Sequence[int] | None = None,
) -> Work:
    """One answer each; every photograph has one region. `languages` are of the answers."""
    labels = [(row, label.strip()) for row, (_, _, text) in enumerate(said) for label in text.split(",")]
    typed = tuple(dict.fromkeys(label for _, label in labels))
    spoken = languages or [0] * len(said)
    return Work(
        players=np.array([player for player, _, _ in said], dtype=np.int64),
        regions=np.array([1000 + photo for _, photo, _ in said], dtype=np.int64),
        photos=np.array([photo for _, photo, _ in said], dtype=np.int64),
        seconds=np.array(seconds or [10.0] * len(said)),
        golds=np.array(golds or [NOT_GOLD] * len(said), dtype=np.int64),
        answers=np.array([row for row, _ in labels], dtype=np.int64),
        texts=np.array([typed.index(label) for _, label in labels], dtype=np.int64),
        languages=np.array([spoken[row] for row, _ in labels], dtype=np.int64),
        typed=typed,
        forms=typed,
    )


def words_in(work: Work) -> Vocabulary:
    return vocabulary_of(work.forms, np.bincount(work.texts, minlength=len(work.forms)))


def crowd_of(work: Work) -> Crowd:
    return gathered(work, words_in(work))


def everybody(crowd: Crowd) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.ones(crowd.size, dtype=np.bool_)
