"""The three distances between maps, against SciPy's."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import pdist, squareform

from analysis.regions.clustering import pairwise_distances
from analysis.regions.recipe import Distance
from analysis.regions.vectors import map_vectors

MAPS = np.random.default_rng(0).normal(size=(20, 5, 6)).astype(np.float32) + np.float32(0.5)


@pytest.mark.parametrize("distance", ["cosine", "correlation"])
def test_squared_distances_are_twice_scipys(distance: Distance) -> None:
    found = pairwise_distances(map_vectors(torch.from_numpy(MAPS), distance)).numpy()
    expected = squareform(pdist(MAPS.reshape(20, -1), distance))
    np.testing.assert_allclose(found**2, 2 * expected, atol=1e-5)


def test_euclidean_distances_are_those_of_maps_between_0_and_1() -> None:
    flat = MAPS.reshape(20, -1)
    low, high = flat.min(axis=1, keepdims=True), flat.max(axis=1, keepdims=True)
    found = pairwise_distances(map_vectors(torch.from_numpy(MAPS), "euclidean")).numpy()
    np.testing.assert_allclose(found, squareform(pdist((flat - low) / (high - low))), atol=1e-5)


@pytest.mark.parametrize("distance", ["euclidean", "cosine", "correlation"])
def test_how_strong_a_map_is_does_not_matter(distance: Distance) -> None:
    maps = torch.from_numpy(MAPS)
    expected = map_vectors(maps, distance)
    for strength in (2.0**-100, 2.0**100):
        assert torch.equal(map_vectors(maps * strength, distance), expected)


@pytest.mark.parametrize("distance", ["euclidean", "correlation"])
def test_what_a_map_has_everywhere_does_not_matter(distance: Distance) -> None:
    maps = torch.from_numpy(MAPS)
    torch.testing.assert_close(map_vectors(maps + 3, distance), map_vectors(maps, distance))


def test_a_map_that_is_the_same_everywhere() -> None:
    same = torch.full((1, 2, 2), 4.0)
    assert map_vectors(same, "euclidean").tolist() == [[0, 0, 0, 0]]
    assert map_vectors(same, "correlation").tolist() == [[0, 0, 0, 0]]
    assert map_vectors(same, "cosine").tolist() == [[0.5, 0.5, 0.5, 0.5]]
    assert map_vectors(0 * same, "cosine").tolist() == [[0, 0, 0, 0]]
