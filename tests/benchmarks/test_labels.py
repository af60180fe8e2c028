"""Seconds to group labels, against refitting a clustering for every number of groups."""

import time
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import silhouette_score

from analysis.labels.embedding import SentenceEmbedder
from analysis.labels.grouping import group
from analysis.labels.normal_form import normalise
from analysis.labels.settings import PRESETS, LabelSettings
from analysis.labels.similarity import cosine_distances

COLOURS = ("black", "white", "brown", "grey", "green", "red", "blue", "yellow", "golden", "dark")
QUALITIES = ("long", "short", "round", "thin", "thick", "sharp", "soft", "rough", "shiny", "curved")
PARTS = ("stripes", "beak", "wheel", "ear", "tail", "window", "wing", "fur", "claw", "stone")
PAPER = PRESETS["paper"]


def refit_every_k(vectors: NDArray[np.float32]) -> int:
    """The paper's recipe as its notebooks have it: a new fit and a new silhouette for each k."""
    distances = cosine_distances(vectors)
    scores = {}
    for k in range(2, len(vectors)):
        fit = AgglomerativeClustering(n_clusters=k, metric="precomputed", linkage="complete").fit_predict(
            distances
        )
        scores[k] = silhouette_score(distances, fit, metric="precomputed")
    return max(scores, key=lambda k: scores[k])


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@pytest.mark.benchmark_table
def test_grouping_against_refitting(capsys: pytest.CaptureFixture[str]) -> None:
    typed = [" ".join(("It has a", *words)) for words in product(COLOURS, QUALITIES, PARTS)]
    embedder = SentenceEmbedder()
    embedder(["load the model"])
    normalise("load the word lists", ["zebra"])
    rows = [("normalise 1,000 labels", seconds(lambda: [normalise(text, ["zebra"]) for text in typed]))]
    forms = sorted({normalise(text, ["zebra"]) for text in typed})
    rows.append(("embed 1,000 labels", seconds(lambda: embedder(forms))))
    vectors = embedder(forms)
    few = vectors[:: len(vectors) // 150][:150]
    for name, some, settings in [
        ("group 1,000, default", vectors, LabelSettings()),
        ("group 1,000, every k", vectors, PAPER),
        ("group 150, every k", few, PAPER),
    ]:
        rows.append((name, seconds(lambda v=some, s=settings: group(v, s))))  # type: ignore[misc]  # early binding
    rows.append(("group 150, refit every k", seconds(lambda: refit_every_k(few))))
    with capsys.disabled():
        print("\n" + "\n".join(f"{name:<28}{duration:9.3f} s" for name, duration in rows))
