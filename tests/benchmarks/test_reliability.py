"""Seconds for Krippendorff's alpha of sets with its interval, against NLTK's alpha alone."""

import random
import time
from collections.abc import Callable

import pytest
from nltk.metrics import jaccard_distance
from nltk.metrics.agreement import AnnotationTask

from analysis.labels.records import LabelEntry
from analysis.labels.reliabilities import reliabilities
from analysis.labels.reliability import Rating, alpha
from tests.benchmarks.tables import Cell, publish

GROUPS, PLAYERS, LAYERS = 100, 400, 9
MOST_FOR_NLTK = 2_000


def study(regions: int) -> list[LabelEntry]:
    """About ten labels a region by five players, two each, of a hundred groups, the first ones often."""
    dice = random.Random(0)
    weights = [1 / (rank + 1) for rank in range(GROUPS)]
    return [
        LabelEntry(text, text, player, region, 0, True)
        for region in range(regions)
        for player in dice.sample(range(PLAYERS), 5)
        for text in map(str, dice.choices(range(GROUPS), weights, k=2))
    ]


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def nltk_alpha(entries: list[LabelEntry]) -> float:
    sets: dict[tuple[int, int], frozenset[int]] = {}
    for entry in entries:
        key = entry.player, entry.region
        sets[key] = sets.get(key, frozenset()) | {int(entry.text)}
    task = AnnotationTask([(*key, groups) for key, groups in sets.items()], distance=jaccard_distance)
    return float(task.alpha())


def row(regions: int) -> dict[str, Cell]:
    entries = study(regions)
    ratings = [Rating(entry.region, entry.player, frozenset([int(entry.text)])) for entry in entries]
    layer_of = {region: str(region % LAYERS) for region in range(regions)}
    by_nltk = None
    if regions <= MOST_FOR_NLTK:
        start = time.perf_counter()
        expected = nltk_alpha(entries)
        by_nltk = time.perf_counter() - start
        assert alpha(ratings, draws=0).alpha == pytest.approx(expected, abs=1e-12)
    return {
        "regions": regions,
        "labels": len(entries),
        "NLTK, alpha alone": by_nltk,
        "alpha alone": seconds(lambda: alpha(ratings, draws=0)),
        "with interval, 1,000 draws": seconds(lambda: alpha(ratings)),
        "and of every layer and region": seconds(
            lambda: reliabilities(entries, lambda entry: int(entry.text), layer_of)
        ),
    }


@pytest.mark.benchmark_table
def test_reliability(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row(regions) for regions in (200, 2_000, 20_000)]
    with capsys.disabled():
        publish("reliability", rows, "Seconds, one thread. Sets of one or two groups, Jaccard's distance.")
