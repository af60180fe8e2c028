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


@pytest.mark.benchmark_table
def test_reliability(capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, Cell]] = []
    for regions in (200, 2_000, 20_000):
        entries = study(regions)
        ratings = [Rating(e.region, e.player, frozenset([int(e.text)])) for e in entries]
        by_nltk = regions <= 200
        if by_nltk:
            assert alpha(ratings, draws=0).alpha == pytest.approx(nltk_alpha(entries), abs=1e-12)
        rows.append(
            {
                "regions": regions,
                "labels": len(entries),
                "NLTK, alpha alone": seconds(lambda e=entries: nltk_alpha(e)) if by_nltk else None,
                "alpha alone": seconds(lambda r=ratings: alpha(r, draws=0)),
                "with interval, 1,000 draws": seconds(lambda r=ratings: alpha(r)),
                "and of every layer and region": seconds(
                    lambda e=entries: reliabilities(
                        e,
                        lambda one: int(one.text),
                        {region: str(region % LAYERS) for region in range(20_000)},
                    )
                ),
            }
        )
    with capsys.disabled():
        publish("reliability", rows, "Seconds, one thread. Sets of one or two groups, Jaccard's distance.")
    assert float(rows[1]["and of every layer and region"] or 0) < 10
