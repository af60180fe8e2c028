"""Seconds to group labels, against refitting a clustering for every number of groups."""

import os
import time
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score, silhouette_score

from analysis.labels.embedding import SentenceEmbedder
from analysis.labels.grouping import group
from analysis.labels.normal_form import normalise
from analysis.labels.settings import PRESETS
from tests.benchmarks.phrases import typed_phrases
from tests.benchmarks.tables import publish

LABELS = 1_000
STRIDE = int(os.environ.get("GLIMPSE_BENCH_STRIDE", "25"))
"""Every so many numbers of groups are refitted, and the seconds multiplied; 1 refits all, in minutes."""


def refit(vectors: NDArray[np.float64], k: int) -> tuple[float, NDArray[np.int64]]:
    """One step of the recipe as it is published: a new fit and a new silhouette, both from the vectors."""
    fit = AgglomerativeClustering(n_clusters=k, metric="cosine", linkage="complete").fit_predict(vectors)
    return float(silhouette_score(vectors, fit, metric="cosine")), fit


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@pytest.mark.benchmark_table
def test_grouping_against_refitting() -> None:
    """The same partition: no refit that was made is better than the one at the number of groups found."""
    phrases = typed_phrases()[:: len(typed_phrases()) // LABELS][:LABELS]
    embedder = SentenceEmbedder()
    embedder(["load the model"])
    normalise("load the word lists", ["zebra"])
    by_phrase = seconds(lambda: [normalise(text, ["zebra"]) for text in phrases])
    embedded = seconds(lambda: embedder(phrases))
    vectors = embedder(phrases)
    paper = min(seconds(lambda: group(vectors, PRESETS["paper"])) for _ in range(3))
    found = group(vectors, PRESETS["paper"])
    exact = vectors.astype(np.float64)
    best, fit = refit(exact, int(found.max()) + 1)
    assert adjusted_rand_score(fit, found) == 1
    start = time.perf_counter()
    scores = [refit(exact, k)[0] for k in range(2, LABELS, STRIDE)]
    naive = (time.perf_counter() - start) / len(scores) * (LABELS - 2)
    assert max(scores) <= best + 1e-9
    publish(
        "labels",
        [
            {"step": f"normal form of {LABELS}", "seconds": by_phrase, "times as fast": None},
            {"step": f"vectors of {LABELS}", "seconds": embedded, "times as fast": None},
            {"step": "every k refitted", "seconds": naive, "times as fast": 1.0},
            {"step": "preset paper", "seconds": paper, "times as fast": naive / paper},
        ],
        f"{LABELS} distinct typed phrases; {len(scores)} of {LABELS - 2} numbers of groups refitted.",
    )
