"""Contributions, thresholds, clusters and merging, by hand."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import ward
from scipy.spatial.distance import pdist, squareform
from sklearn.metrics import silhouette_score

from analysis.regions.clustering import cluster, cuts, pairwise_distances, silhouette
from analysis.regions.faithful import unit_vectors
from analysis.regions.merging import contribution_maps, heavy_enough, region_maps
from analysis.regions.weights import contributions, discard_threshold, surviving


def vectors(count: int = 30, length: int = 40) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.random.default_rng(0).normal(size=(count, length)).astype(np.float32)


def test_contributions_are_gradient_times_activation_summed() -> None:
    activation = np.array([[[1, 2], [3, 4]], [[1, 0], [0, -1]]], dtype=np.float32)
    gradient = np.array([[[1, 1], [-1, 2]], [[-3, 9], [9, 2]]], dtype=np.float32)
    assert contributions(activation, gradient).tolist() == [1 + 2 - 3 + 8, -3 - 2]


@pytest.mark.parametrize(
    ("channels", "percent"), [(512, 0.175), (256, 0.35), (128, 0.7), (64, 1.4), (63, 76.8 / 63), (10, 7.68)]
)
def test_the_published_discard_thresholds(channels: int, percent: float) -> None:
    assert discard_threshold(channels) * 100 == pytest.approx(percent)


def test_surviving_is_above_the_threshold_not_at_it() -> None:
    strengths = np.array([0.0, 1.0, 2.0, 5.0])
    assert surviving(strengths, 0.125).tolist() == [2, 3]
    assert surviving(np.zeros(4), 0.125).tolist() == []


@pytest.mark.parametrize(
    ("weights", "kept"),
    [
        ([9.0, 3.0, 2.9], [True, True, False]),  # a third of the heaviest: 3
        ([4.0, 4.0, 4.0, 1.0], [True, True, True, False]),
        ([5.0], [True]),
        ([1.0, 1.0], [True, True]),
    ],
)
def test_the_drop_rule(weights: list[float], kept: list[bool]) -> None:
    assert heavy_enough(np.array(weights)).tolist() == kept


def test_contribution_maps_of_both_signs() -> None:
    activation = np.array([[[2, -1]]], dtype=np.float32)
    gradient = np.array([[[3, 4]]], dtype=np.float32)
    assert contribution_maps(activation, gradient, 1).tolist() == [[[6, 0]]]
    assert contribution_maps(activation, gradient, -1).tolist() == [[[0, 4]]]


def test_region_maps_are_sums() -> None:
    maps = np.arange(6, dtype=np.float32).reshape(3, 1, 2)
    merged = region_maps(maps, np.array([0, 1, 0]), np.array([1, 0]))
    assert merged.tolist() == [[[2, 3]], [[4, 6]]]
    assert merged.dtype == np.float32


def test_distances_equal_scipys() -> None:
    np.testing.assert_allclose(pairwise_distances(vectors()), squareform(pdist(vectors())), atol=1e-5)


def test_silhouette_equals_scikit_learns() -> None:
    distances = pairwise_distances(vectors())
    for labels in cuts(ward(squareform(distances, checks=False)), 3, 8):
        expected = silhouette_score(distances, labels, metric="precomputed")
        assert silhouette(distances, labels) == pytest.approx(expected)


def test_cuts_are_exact_where_merges_are_equally_high() -> None:
    same = np.zeros((6, 2), dtype=np.float32)
    tree = ward(squareform(pairwise_distances(same), checks=False))
    assert [labels.max() + 1 for labels in cuts(tree, 3, 5)] == [5, 4, 3]


def test_it_finds_the_groups_that_are_there() -> None:
    centres = np.eye(5, 40, dtype=np.float32) * 10
    grouped = np.repeat(centres, 6, axis=0) + vectors() * np.float32(0.05)
    found = cluster(grouped)
    assert found.labels.tolist() == np.repeat(np.arange(5), 6).tolist()
    assert found.silhouette is not None
    assert found.silhouette > 0.9


@pytest.mark.parametrize("count", range(4))
def test_few_maps_stay_apart(count: int) -> None:
    found = cluster(vectors(count))
    assert found.labels.tolist() == list(range(count))
    assert found.silhouette is None


@pytest.mark.parametrize("count", range(4, 12))
def test_there_are_three_to_eight_clusters_and_fewer_than_maps(count: int) -> None:
    found = cluster(vectors(count)).labels.max() + 1
    assert 3 <= found <= min(8, count - 1)


def test_clustering_is_deterministic_and_ties_take_the_fewest() -> None:
    assert cluster(vectors()).labels.tolist() == cluster(vectors().copy()).labels.tolist()
    assert cluster(np.zeros((9, 4), dtype=np.float32)).labels.max() + 1 == 3


def test_unit_vectors_ignore_strength() -> None:
    maps = np.array([[[3, 4]], [[3e-30, 4e-30]]], dtype=np.float32)
    np.testing.assert_allclose(unit_vectors(maps), [[0.6, 0.8], [0.6, 0.8]], rtol=1e-6)
