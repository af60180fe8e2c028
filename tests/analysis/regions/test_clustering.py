"""Trees, cuts and silhouettes, against SciPy and scikit-learn."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage as tree_of
from scipy.spatial.distance import pdist, squareform
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score, silhouette_score
from torch import Tensor

from analysis.regions.clustering import cluster, cuts, pairwise_distances, silhouettes
from analysis.regions.recipe import Linkage


def vectors(count: int = 30, length: int = 40, seed: int = 0) -> Tensor:
    return torch.from_numpy(np.random.default_rng(seed).normal(size=(count, length))).float()


def partitions(given: Tensor, linkage: Linkage, fewest: int, most: int) -> list[NDArray[np.intp]]:
    tree = tree_of(squareform(pairwise_distances(given).numpy(), checks=False), linkage)
    return list(cuts(tree, fewest, most))


def test_distances_equal_scipys() -> None:
    found = pairwise_distances(vectors()).numpy()
    np.testing.assert_allclose(found, squareform(pdist(vectors().numpy())), atol=1e-5)
    assert (found == found.T).all()
    assert not found.diagonal().any()


@pytest.mark.parametrize("linkage", ["ward", "average", "complete"])
@pytest.mark.parametrize("seed", range(3))
def test_cuts_equal_scikit_learns_clusters(linkage: Linkage, seed: int) -> None:
    given = vectors(40, seed=seed)
    for count, labels in zip(range(8, 1, -1), partitions(given, linkage, 2, 8), strict=True):
        expected = AgglomerativeClustering(count, linkage=linkage).fit_predict(given.numpy())
        assert adjusted_rand_score(labels, expected) == 1


def test_silhouettes_equal_scikit_learns() -> None:
    distances = pairwise_distances(vectors())
    several = partitions(vectors(), "ward", 2, 29)
    expected = [silhouette_score(distances.numpy(), labels, metric="precomputed") for labels in several]
    assert silhouettes(distances, several) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("linkage", ["ward", "average", "complete"])
def test_the_best_of_scikit_learns_clusters_is_chosen(linkage: Linkage) -> None:
    given = vectors(50, 4)
    scores = {}
    for count in range(3, 9):
        labels = AgglomerativeClustering(count, linkage=linkage).fit_predict(given.numpy())
        scores[count] = silhouette_score(given.numpy(), labels)
    found = cluster(given, linkage, 3, 8)
    assert found.count == max(scores, key=scores.__getitem__)
    assert found.silhouette == pytest.approx(max(scores.values()), abs=1e-5)


def test_clusters_are_numbered_by_their_first_map() -> None:
    for labels in partitions(vectors(), "ward", 2, 12):
        _, first = np.unique(labels, return_index=True)
        assert (np.diff(first) > 0).all()


def test_cuts_are_exact_where_merges_are_equally_high() -> None:
    same = partitions(torch.zeros(6, 2), "ward", 3, 5)
    assert [labels.max() + 1 for labels in same] == [5, 4, 3]


def test_silhouettes_by_hand() -> None:
    places = torch.tensor([[0.0], [1.0], [4.0], [9.0]])
    # Of 0: 1 to its own, 4 and 9 to the others, and so on; a cluster of one counts 0.
    pairs = ((6.5 - 1) / 6.5 + (5.5 - 1) / 5.5 + (3.5 - 5) / 5 + (8.5 - 5) / 8.5) / 4
    with_ones = ((4 - 1) / 4 + (3 - 1) / 3) / 4
    partition = [np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])]
    assert silhouettes(pairwise_distances(places), partition) == pytest.approx([pairs, with_ones])
    assert silhouettes(torch.zeros(4, 4), partition) == [0, 0]


def test_it_finds_the_groups_that_are_there() -> None:
    centres = torch.eye(5, 40) * 10
    found = cluster(centres.repeat_interleave(6, dim=0) + vectors() * 0.05)
    assert found.labels.tolist() == np.repeat(np.arange(5), 6).tolist()
    assert found.silhouette is not None
    assert found.silhouette > 0.9


@pytest.mark.parametrize("count", range(4))
def test_few_maps_stay_apart(count: int) -> None:
    found = cluster(vectors(count))
    assert found.labels.tolist() == list(range(count))
    assert (found.count, found.silhouette) == (count, None)


@pytest.mark.parametrize("count", range(4, 12))
def test_there_are_as_many_clusters_as_asked_for_and_fewer_than_maps(count: int) -> None:
    assert 3 <= cluster(vectors(count)).count <= min(8, count - 1)
    assert cluster(vectors(count), fewest=3, most=3).count == 3


def test_there_is_always_a_cluster_less_than_maps() -> None:
    assert cluster(vectors(4), fewest=4).count == 3
    assert cluster(vectors(5), fewest=5).count == 4
    assert cluster(vectors(6), fewest=5).count == 5


def test_it_is_the_same_every_time_and_ties_take_the_fewest() -> None:
    assert cluster(vectors()).labels.tolist() == cluster(vectors().clone()).labels.tolist()
    assert cluster(torch.zeros(9, 4)).count == 3
