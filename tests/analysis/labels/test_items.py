"""What labels of one key have in common, and how many of them are joined."""

from itertools import combinations
from math import log

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.labels.dense_average import average_clusters, item_distances
from analysis.labels.items import items_of
from analysis.labels.lemma_sets import LemmaSets

STRIPE, TAIL, LONG_TAIL = frozenset({"stripe"}), frozenset({"tail"}), frozenset({"long", "tail"})
KEYS = [TAIL, STRIPE, TAIL, LONG_TAIL]
VECTORS = np.array([[2.0, 0], [0, 3], [0, 1], [5, 0]])


def test_items_by_hand() -> None:
    items = items_of(VECTORS, KEYS)
    # sorted by their lemmas: {long, tail}, {stripe}, {tail}
    assert items.item.tolist() == [2, 1, 2, 0]
    assert items.sizes.tolist() == [1, 1, 2]
    np.testing.assert_array_equal(items.sums, np.array([[1, 0], [0, 1], [1, 1]]))
    np.testing.assert_array_equal(items.means(np.array([2])), np.array([[0.5, 0.5]]))


def test_items_without_keys_are_distinct_vectors_and_each_row_of_zeros() -> None:
    items = items_of(np.array([[1.0, 0], [0, 0], [1, 0], [0, 0]]), None)
    assert items.item[0] == items.item[2]
    assert len({*items.item.tolist()}) == 3
    assert sorted(items.sizes.tolist()) == [1, 1, 2]


@pytest.mark.parametrize("keyed", [True, False])
def test_items_are_the_same_to_the_last_bit_however_rows_come(keyed: bool) -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(10_000, 3)).astype(np.float32)
    keys = [frozenset({str(number)}) for number in rng.integers(7, size=10_000)] if keyed else None
    order = rng.permutation(10_000)
    first = items_of(vectors, keys)
    second = items_of(vectors[order], [keys[row] for row in order] if keys else None)
    np.testing.assert_array_equal(first.sums, second.sums)
    np.testing.assert_array_equal(first.item[order], second.item)


def test_overlap_of_keys_by_hand() -> None:
    lemmas = LemmaSets([STRIPE, TAIL, LONG_TAIL])
    common, rare = log(1 + 3 / 2), log(1 + 3 / 1)
    expected = common / (common + rare)
    a, b, shared = lemmas.overlaps()
    assert (a.tolist(), b.tolist()) == ([1], [2])
    assert shared == pytest.approx([expected])
    pairs = np.array([0, 0, 2]), np.array([1, 2, 1])
    assert lemmas.overlap(*pairs) == pytest.approx([0, 0, expected])
    assert [held.tolist() for held in lemmas.holders()] == [[1, 2]]


def test_directions_tell_about_how_much_keys_share() -> None:
    rng = np.random.default_rng(0)
    keys = sorted({frozenset(map(str, rng.integers(40, size=3))) for _ in range(100)}, key=sorted)
    lemmas = LemmaSets(keys)
    directions = lemmas.directions(4_096)
    a, b = np.array(list(combinations(range(len(keys)), 2))).T
    overlap, estimate = lemmas.overlap(a, b), (directions @ directions.T)[a, b]
    assert (estimate >= overlap - 0.1).all()
    assert np.abs(estimate[overlap == 0]).max() < 0.1


def test_distances_of_items_by_hand() -> None:
    distances = item_distances(items_of(VECTORS, KEYS), 0.4)
    shared = log(1 + 3 / 2) / (log(1 + 3 / 2) + log(1 + 3 / 1))
    assert distances[0, 1] == 1
    assert distances[0, 2] == pytest.approx(1 - 0.6 * 0.5 - 0.4 * shared)
    assert distances[1, 2] == pytest.approx(1 - 0.6 * 0.5)
    np.testing.assert_array_equal(distances, distances.T)


def square(*above: float) -> NDArray[np.float32]:
    """A symmetric matrix from the values above its diagonal, row by row."""
    n = int((1 + (1 + 8 * len(above)) ** 0.5) / 2)
    matrix = np.zeros((n, n), dtype=np.float32)
    matrix[np.triu_indices(n, 1)] = above
    return matrix + matrix.T


@pytest.mark.parametrize(
    ("sizes", "cut", "clusters"),
    [
        # 1 and 2 meet at 0.25; 0 is then (0.5 + 0.75) / 2 = 0.625 away
        ((1, 1, 1), 0.2, [0, 1, 2]),
        ((1, 1, 1), 0.25, [0, 1, 1]),
        ((1, 1, 1), 0.6, [0, 1, 1]),
        ((1, 1, 1), 0.625, [0, 0, 0]),
        # item 1 is three labels: (3 x 0.5 + 0.75) / 4 = 0.5625
        ((1, 3, 1), 0.55, [0, 1, 1]),
        ((1, 3, 1), 0.5625, [0, 0, 0]),
    ],
)
def test_average_clusters_by_hand(sizes: tuple[int, ...], cut: float, clusters: list[int]) -> None:
    assert average_clusters(square(0.5, 0.75, 0.25), np.array(sizes), cut).tolist() == clusters


def test_equal_distances_are_joined_in_item_order() -> None:
    # 1 is as near to 0 as to 2, which are far apart: only one of them can have it
    assert average_clusters(square(0.5, 1, 0.5), np.ones(3, dtype=np.int64), 0.5).tolist() == [0, 0, 2]
