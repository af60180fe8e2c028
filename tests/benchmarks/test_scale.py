"""Seconds and memory to group thousands of labels, and a million where GLIMPSE_BENCH_MILLION is set."""

import json
import os
import resource
import sys
import time
from subprocess import run

import pytest
from sklearn.metrics import adjusted_rand_score

from analysis.labels.dense_average import average_clusters, item_distances
from analysis.labels.grouping import group
from analysis.labels.items import items_of
from analysis.labels.lemma_key import lemma_key
from analysis.labels.settings import PRESETS
from tests.benchmarks.phrases import made_phrases, made_vectors
from tests.benchmarks.tables import Cell, publish

DEFAULT = PRESETS["glimpse"]
MOST_EXACT = 20_000


def measured(n: int) -> dict[str, Cell]:
    """Group n made phrases. Memory is the process's highest, its vectors and texts included."""
    phrases = made_phrases(n)
    keys = [lemma_key(phrase) for phrase in phrases]
    vectors = made_vectors(phrases)
    wall, own = time.perf_counter(), time.process_time()
    found = group(vectors, DEFAULT, keys)
    row: dict[str, Cell] = {
        "labels": n,
        "distinct keys": len(set(keys)),
        "groups": int(found.max()) + 1,
        "seconds": time.perf_counter() - wall,
        "of one processor": time.process_time() - own,
        "GB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "index against exact": None,
    }
    if n <= MOST_EXACT:
        items = items_of(vectors, keys)
        distances = item_distances(items, DEFAULT.lemma_weight)
        exact = average_clusters(distances, items.sizes, DEFAULT.max_distance)[items.item]
        row["index against exact"] = float(adjusted_rand_score(exact, found))
    return row


@pytest.mark.benchmark_table
def test_labels_by_the_thousand() -> None:
    sizes = [2_000, 20_000, *([1_000_000] if os.environ.get("GLIMPSE_BENCH_MILLION") else [])]
    rows: list[dict[str, Cell]] = []
    for n in sizes:
        command = "import json, sys; from tests.benchmarks.test_scale import measured; "
        command += "print(json.dumps(measured(int(sys.argv[1]))))"
        done = run([sys.executable, "-c", command, str(n)], capture_output=True, text=True, check=True)
        rows.append(_read(done.stdout))
    publish(
        "scale", rows, "Made of typed words; vectors are sums of word vectors with noise. One thread each."
    )
    assert all(float(row["index against exact"] or 1) >= 0.95 for row in rows)


def _read(text: str) -> dict[str, Cell]:
    row: dict[str, Cell] = json.loads(text.splitlines()[-1])
    return row
