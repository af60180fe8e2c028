"""Grouping of more labels than can be compared each with each, against the exact way and by hand."""

from itertools import combinations, product

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from analysis.labels import grouping
from analysis.labels.candidates import likely_pairs
from analysis.labels.cells import cells_of
from analysis.labels.dense_average import average_clusters, item_distances
from analysis.labels.grouping import group
from analysis.labels.items import items_of
from analysis.labels.members import Members
from analysis.labels.near_pairs import near_pairs
from analysis.labels.settings import PRESETS, LabelSettings
from analysis.labels.sparse_average import SparseAverage

Vectors = NDArray[np.float32]
Keys = list[frozenset[str]]
DEFAULT = LabelSettings(max_distance=0.55, lemma_weight=0.4)
CUT, SHARE = DEFAULT.max_distance, DEFAULT.lemma_weight


def crowd(n: int, seed: int, kinds: int = 40) -> tuple[Vectors, Keys]:
    """Labels of one to three words out of many, with vectors near those of their kind."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(kinds, 24))
    kind = rng.integers(kinds, size=n)
    vectors = (centres[kind] + 0.7 * rng.normal(size=(n, 24))).astype(np.float32)
    words = rng.zipf(1.5, size=(n, 3)) % 300
    lengths = rng.integers(1, 4, size=n)
    return vectors, [
        frozenset(f"word{word}" for word in own[:length])
        for own, length in zip(words.tolist(), lengths.tolist(), strict=True)
    ]


def planted(concepts: int, each: int, seed: int) -> tuple[Vectors, Keys, NDArray[np.int64]]:
    """Concepts of two words of their own, each word in two forms with vectors that are near."""
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(concepts), each)
    vectors = rng.normal(size=(concepts, 64))[truth] + 0.3 * rng.normal(size=(len(truth), 64))
    forms = rng.integers(3, size=(len(truth), 2))
    keys = [
        frozenset({f"a{concept}{one}", f"b{concept}{other}"})
        for concept, (one, other) in zip(truth.tolist(), forms.tolist(), strict=True)
    ]
    return vectors.astype(np.float32), keys, truth


@pytest.mark.parametrize(("seed", "keyed"), list(product(range(4), (True, False))))
def test_joining_along_all_pairs_is_exact(seed: int, keyed: bool) -> None:
    vectors, keys = crowd(400, seed)
    exact = items_of(vectors, keys if keyed else None)
    expected = average_clusters(item_distances(exact, SHARE), exact.sizes, CUT)
    items = items_of(vectors, keys if keyed else None)
    a, b = np.array(list(combinations(range(len(items.sizes)), 2))).T
    found = SparseAverage(items, CUT, SHARE).join_all(a, b)
    assert adjusted_rand_score(found, expected) == 1
    assert 10 < len(np.unique(found)) < 0.8 * len(items.sizes)


def test_joining_by_hand() -> None:
    # 0.5 apart: cosines of 60 degrees. The first and third are cos 120 = -0.5, so 1.5, apart
    degrees = np.radians([0, 60, 120])
    vectors = np.stack([np.cos(degrees), np.sin(degrees)], axis=1)
    for cut, groups in ((0.49, 3), (0.5, 2), (0.99, 2), (1.0, 1)):
        items = items_of(vectors, None)
        found = SparseAverage(items, cut, SHARE).join_all(np.array([0, 0, 1]), np.array([1, 2, 2]))
        assert len(np.unique(found)) == groups, cut


def test_a_pair_that_is_missing_still_counts_in_the_mean() -> None:
    degrees = np.radians([0, 60, 120])
    vectors = np.stack([np.cos(degrees), np.sin(degrees)], axis=1)
    items = items_of(vectors, None)
    middle = int(items.item[1])
    a = np.array([min(middle, int(items.item[end])) for end in (0, 2)])
    b = np.array([max(middle, int(items.item[end])) for end in (0, 2)])
    assert len(np.unique(SparseAverage(items, 0.9, SHARE).join_all(a, b))) == 2


@pytest.mark.parametrize("seed", range(3))
def test_likely_pairs_are_all_pairs_within_the_cut_where_there_are_few(seed: int) -> None:
    items = items_of(*crowd(1_000, seed))
    distances = item_distances(items, SHARE)
    a, b = likely_pairs(items, CUT, SHARE)
    expected = np.argwhere(np.triu(distances <= CUT + 1e-5, 1))
    np.testing.assert_array_equal(np.stack([a, b], axis=1), expected)
    assert len(a) > 100


def test_most_near_pairs_are_found_among_many() -> None:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(600, 32))
    vectors = centres[rng.integers(600, size=4_000)] + 0.3 * rng.normal(size=(4_000, 32))
    units = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    expected = {(a, b) for a, b in np.argwhere(np.triu(units @ units.T >= 0.75, 1)).tolist()}
    found: set[tuple[int, int]] = set()
    for a, b in near_pairs(units.__getitem__, np.arange(4_000), 0.75, 64):
        found.update((min(pair), max(pair)) for pair in zip(a.tolist(), b.tolist(), strict=True))
    assert len(expected) > 10_000
    assert len(found & expected) >= 0.9 * len(expected)
    assert all(one == other or (one, other) in expected for one, other in found)


def test_every_row_is_in_one_cell_and_no_cell_is_too_large() -> None:
    points = np.ones((1_000, 3), dtype=np.float32)
    points[:10] = -1
    cells = cells_of(points.__getitem__, np.arange(1_000), 20)
    np.testing.assert_array_equal(np.sort(np.concatenate(cells)), np.arange(1_000))
    assert max(map(len, cells)) <= 200
    assert all(len(set(np.sign(points[cell, 0]))) == 1 for cell in cells)


def test_members_are_crossed() -> None:
    members = Members(np.array([0, 1, 0, 3, 1]))
    (crossed,) = members.crossed(np.array([0, 3]), np.array([1, 0]))
    assert list(zip(*(part.tolist() for part in crossed), strict=True)) == [
        (0, 0, 1),
        (0, 0, 4),
        (0, 2, 1),
        (0, 2, 4),
        (1, 3, 0),
        (1, 3, 2),
    ]


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "EXACT_LIMIT", 200)


@pytest.mark.parametrize("seed", range(3))
def test_many_labels_are_grouped_nearly_as_exactly(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, keys = crowd(3_000, seed)
    exact = group(vectors, DEFAULT, keys)
    monkeypatch.setattr(grouping, "EXACT_LIMIT", 200)
    assert adjusted_rand_score(group(vectors, DEFAULT, keys), exact) >= 0.99


@pytest.mark.parametrize("settings", [DEFAULT, LabelSettings(), PRESETS["paper"]])
@pytest.mark.usefixtures("few_at_once")
def test_the_order_of_many_labels_changes_nothing(settings: LabelSettings) -> None:
    vectors, keys = crowd(1_500, 0)
    order = np.random.default_rng(1).permutation(1_500)
    shuffled = group(vectors[order], settings, [keys[row] for row in order])
    assert adjusted_rand_score(group(vectors, settings, keys)[order], shuffled) == 1


@pytest.mark.usefixtures("few_at_once")
def test_many_groups_are_numbered_by_first_row() -> None:
    vectors, keys = crowd(1_500, 0)
    found = group(vectors, DEFAULT, keys)
    _, first = np.unique(found, return_index=True)
    assert (np.diff(first) > 0).all()
    assert len({(key, number) for key, number in zip(keys, found, strict=True)}) == len(set(keys))


@pytest.mark.usefixtures("few_at_once")
def test_cells_find_planted_groups_with_the_papers_settings() -> None:
    vectors, _, truth = planted(60, 10, seed=0)
    assert adjusted_rand_score(group(vectors, PRESETS["paper"]), truth) >= 0.9


def test_planted_groups_are_found_among_twenty_thousand() -> None:
    vectors, keys, truth = planted(2_000, 10, seed=0)
    assert adjusted_rand_score(group(vectors, DEFAULT, keys), truth) >= 0.95


@pytest.mark.usefixtures("few_at_once")
def test_many_keys_of_one_meaning_are_one_group() -> None:
    keys = [frozenset({f"word{number}"}) for number in range(1_500)]
    vectors = np.ones((1_500, 8), dtype=np.float32)
    assert group(vectors, DEFAULT, keys).max() == 0


def test_ten_thousand_labels_without_meaning_stay_apart() -> None:
    keys = [frozenset({f"word{number}"}) for number in range(10_000)]
    assert group(np.zeros((10_000, 8)), DEFAULT, keys).tolist() == list(range(10_000))


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
@pytest.mark.usefixtures("few_at_once")
def test_vectors_of_other_precision_are_taken(dtype: type[np.floating]) -> None:
    vectors, keys = crowd(1_000, 0)
    expected = group(vectors, DEFAULT, keys)
    assert adjusted_rand_score(group(vectors.astype(dtype), DEFAULT, keys), expected) >= 0.98
