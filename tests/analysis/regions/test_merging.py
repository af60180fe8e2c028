"""Which clusters are shown, and what they show."""

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter

from analysis.regions.merging import (
    REACH,
    blurred,
    coarseness,
    contribution_maps,
    heavy_enough,
    shared_maps,
    weighted_means,
)

MAPS = np.random.default_rng(0).random((3, 14, 10), dtype=np.float32)


@pytest.mark.parametrize(
    ("weights", "kept"),
    [
        ([9.0, 3.0, 2.9], [True, True, False]),  # a third of the heaviest: 3
        ([4.0, 4.0, 4.0, 1.0], [True, True, True, False]),  # half of the mean: 1.625
        ([5.0], [True]),
        ([1.0, 1.0], [True, True]),
    ],
)
def test_the_published_drop_rule(weights: list[float], kept: list[bool]) -> None:
    assert heavy_enough(np.array(weights)).tolist() == kept


def test_other_bounds() -> None:
    weights = np.array([8.0, 4.0, 3.0, 1.0])  # mean 4
    assert heavy_enough(weights, 0, 0).all()
    assert heavy_enough(weights, 0.5, 0).tolist() == [True, True, False, False]
    assert heavy_enough(weights, 0, 0.75).tolist() == [True, True, True, False]
    assert heavy_enough(weights, 1, 1).tolist() == [True, False, False, False]


def test_contribution_maps_of_both_signs() -> None:
    activation, gradient = torch.tensor([[[2.0, -1.0]]]), torch.tensor([[[3.0, 4.0]]])
    assert contribution_maps(activation * gradient, 1).tolist() == [[[6, 0]]]
    assert contribution_maps(activation * gradient, -1).tolist() == [[[0, 4]]]


@pytest.mark.parametrize(("share", "sigma"), [(0.01, 0.7), (1 / 14, 1.0), (0.1, 1.4), (0.25, 3.5)])
def test_blurring_equals_scipys(share: float, sigma: float) -> None:
    reach = int(np.ceil(REACH * sigma))
    expected = [gaussian_filter(one, sigma, mode="nearest", radius=reach) for one in MAPS]
    np.testing.assert_allclose(blurred(torch.from_numpy(MAPS), share).numpy(), expected, atol=1e-6)


@pytest.mark.parametrize(("share", "step"), [(0.25, 3), (0.1, 2), (0.1, 1), (0, 2)])
def test_blurring_keeps_every_so_manyth_cell(share: float, step: int) -> None:
    maps = torch.from_numpy(MAPS)
    torch.testing.assert_close(blurred(maps, share, step), blurred(maps, share)[:, ::step, ::step])


@pytest.mark.parametrize(("share", "step"), [(0, 1), (1 / 28, 1), (1 / 14, 1), (0.15, 2), (0.25, 3)])
def test_the_cells_that_are_kept_lie_within_one_standard_deviation(share: float, step: int) -> None:
    assert coarseness(torch.from_numpy(MAPS), share) == step


def test_a_single_cell_can_be_blurred() -> None:
    torch.testing.assert_close(blurred(torch.full((2, 1, 1), 3.0), 0.25), torch.full((2, 1, 1), 3.0))


def test_no_blur_leaves_maps_as_they_are() -> None:
    maps = torch.from_numpy(MAPS)
    assert torch.equal(blurred(maps, 0), maps)


def test_shared_maps_by_hand() -> None:
    maps = torch.tensor([[[4.0, 0.0]], [[3.0, 3.0]], [[0.0, 2.0]]])
    # Cluster 0 shows (7, 3) / sqrt(58), cluster 1 (0, 1).
    shares = {1: 7 / 7, 2: (5 / 58**0.5) / (5 / 58**0.5 + 0.5**0.5), 3: (3 / 58**0.5) / (3 / 58**0.5 + 1)}
    # The second map is (1, 1) / sqrt(2), and (7 + 3) / sqrt(2 * 58) = 5 * sqrt(2) / sqrt(58).
    shares[2] = (5 * 2**0.5 / 58**0.5) / (5 * 2**0.5 / 58**0.5 + 0.5**0.5)
    first = np.array([4, 0]) * shares[1] + np.array([3, 3]) * shares[2] + np.array([0, 2]) * shares[3]
    found = shared_maps(maps, maps, np.array([0, 0, 1]), 1).numpy()
    np.testing.assert_allclose(found[0, 0], first, rtol=1e-5)
    np.testing.assert_allclose(found[1, 0], [7, 5] - first, rtol=1e-5)
    assert found.dtype == np.float32


@pytest.mark.parametrize("sharpness", [1, 4, 1000])
def test_clusters_together_show_every_map_once(sharpness: float) -> None:
    maps = torch.rand(30, 6, 7, generator=torch.Generator().manual_seed(0))
    labels = np.arange(30) % 5
    found = shared_maps(maps, maps, labels, sharpness)
    torch.testing.assert_close(found.sum(dim=0), maps.sum(dim=0))


def test_the_greatest_sharpness_gives_each_cluster_its_own_maps() -> None:
    maps = torch.rand(30, 6, 7, generator=torch.Generator().manual_seed(0)) * 0.1
    labels = np.repeat(np.arange(3), 10)
    for label in range(3):
        maps[label * 10 : (label + 1) * 10, 2 * label : 2 * label + 2] += 1
    own = torch.stack([maps[labels == label].sum(dim=0) for label in range(3)])
    torch.testing.assert_close(shared_maps(maps, maps, labels, 1000), own)
    assert (shared_maps(maps, maps, labels, 1) - own).abs().max() > 1


@pytest.mark.parametrize("strength", [2.0**-60, 2.0**60])
def test_how_strong_a_layer_is_does_not_matter(strength: float) -> None:
    maps = torch.rand(12, 4, 4, generator=torch.Generator().manual_seed(1))
    labels = np.arange(12) % 3
    found = shared_maps(maps * strength, maps * strength, labels, 4) / strength
    torch.testing.assert_close(found, shared_maps(maps, maps, labels, 4))


def test_weighted_means_by_hand() -> None:
    maps = torch.tensor([[[1.0, -2.0]], [[5.0, 6.0]], [[3.0, 4.0]]])
    found = weighted_means(maps, np.array([3.0, 7.0, 1.0]), np.array([0, 1, 0]))
    assert found.tolist() == [[[1.5, -0.5]], [[5, 6]]]
    assert found.dtype == torch.float32
