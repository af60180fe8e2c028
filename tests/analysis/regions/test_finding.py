"""The regions of one layer, by hand and in general."""

import numpy as np
import pytest
import torch
from torch import Tensor

from analysis.regions.finding import layer_regions
from analysis.regions.settings import Preset, RegionSettings
from tests.analysis.regions.photos import assert_same_layer

FAITHFUL = RegionSettings()
EVERY_MAP = RegionSettings(blur=0, discard=0)


def layer(values: list[float]) -> tuple[Tensor, Tensor]:
    """Maps of 1 x 2 pixels whose first pixel alone contributes what `values` say."""
    activation = torch.ones(len(values), 1, 2)
    gradient = torch.zeros_like(activation)
    gradient[:, 0, 0] = torch.tensor(values, dtype=torch.float32)
    return activation, gradient


def random_layer(channels: int = 96, seed: int = 0) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(channels, 6, 6, generator=generator), torch.randn(channels, 6, 6, generator=generator)


def test_shares_by_hand() -> None:
    # K = 8, so maps of up to 9.6 percent of their sign's sum are discarded: 1 of 16, but not 2 or 3.
    settings = RegionSettings(blur=0, drop_below_heaviest=1 / 3, drop_below_mean=1 / 2)
    found = layer_regions("x", *layer([10, 3, 2, 1, -4, 0, 0, 0]), settings, 8)
    assert (found.channels, found.clusters, found.silhouette) == (8, 3, None)
    assert found.opposing == pytest.approx(4 / 20)
    assert found.discarded == pytest.approx(1 / 20)
    # Three maps are left, a region each; 3 and 2 are less than a third of 10.
    assert found.dropped == pytest.approx(5 / 20)
    assert found.kept == pytest.approx(10 / 20)
    supporting, opposing = found.regions
    assert (supporting.sign, supporting.map_indices, supporting.maps) == ("supports", (0,), 1)
    assert (opposing.sign, opposing.map_indices, opposing.maps) == ("opposes", (4,), 1)
    assert supporting.weight == pytest.approx(10 / 20)
    assert opposing.weight == pytest.approx(4 / 20)
    assert supporting.mean_activation == opposing.mean_activation == 1


def test_nothing_is_dropped_unless_asked_for() -> None:
    found = layer_regions("x", *layer([10, 3, 2, 1, -4, 0, 0, 0]), FAITHFUL, 8)
    assert found.dropped == 0
    assert [region.weight for region in found.regions] == pytest.approx([0.5, 0.15, 0.1, 0.2])


def test_what_few_maps_show_by_hand() -> None:
    # One map on the left, one on both sides, half as much like either: shown by both of the regions.
    activation = torch.ones(2, 1, 2)
    gradient = torch.tensor([[[4.0, 0.0]], [[1.0, 1.0]]])
    found = layer_regions("x", activation, gradient, EVERY_MAP, 8)
    # With sharpness 4: likeness (1, 1 / sqrt 2) becomes shares (1, 1 / 4) / 1.25.
    assert [region.weight for region in found.regions] == pytest.approx([4 / 6, 2 / 6])
    np.testing.assert_allclose(found.regions[0].map, [[4 * 0.8 + 0.2, 0.2]], rtol=1e-6)
    np.testing.assert_allclose(found.regions[1].map, [[4 * 0.2 + 0.8, 0.8]], rtol=1e-6)


def test_opposing_maps_by_hand() -> None:
    found = layer_regions("x", *layer([5, -6, -1]), EVERY_MAP, 8)
    assert found.opposing == pytest.approx(7 / 12)
    assert [region.weight for region in found.regions] == pytest.approx([5 / 12, 6 / 12, 1 / 12])
    assert [region.sign for region in found.regions] == ["supports", "opposes", "opposes"]
    supporting, *opposing = [region.map for region in found.regions]
    assert supporting.tolist() == [[5, 0]]
    # Two maps of one shape show the same, each half of both.
    assert [one.tolist() for one in opposing] == [[[3.5, 0]], [[3.5, 0]]]


def test_opposing_maps_that_are_not_shown_stay_in_opposing() -> None:
    found = layer_regions("x", *layer([5, -6, -1]), RegionSettings(drop_below_heaviest=0.5), 8)
    assert found.opposing == pytest.approx(7 / 12)
    assert [region.weight for region in found.regions] == pytest.approx([5 / 12, 6 / 12])


@pytest.mark.parametrize("preset", ["faithful", "paper", "integrated"])
def test_no_evidence_at_all(preset: Preset) -> None:
    found = layer_regions("x", *layer([0, 0, 0]), RegionSettings(preset=preset), 8)
    assert (found.kept, found.dropped, found.discarded, found.opposing) == (0, 0, 1, 0)
    assert (found.clusters, found.silhouette, found.regions) == (0, None, ())


@pytest.mark.parametrize("values", [[3.0, 2.0], [-3.0, -2.0]])
def test_one_sign_only(values: list[float]) -> None:
    found = layer_regions("x", *layer(values), FAITHFUL, 8)
    assert {region.sign for region in found.regions} == {"supports" if values[0] > 0 else "opposes"}
    assert found.opposing == (0 if values[0] > 0 else 1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("preset", ["faithful", "paper", "integrated"])
def test_nothing_is_lost(preset: Preset, seed: int) -> None:
    activation, gradient = random_layer(seed=seed)
    found = layer_regions("x", activation, gradient, RegionSettings(preset=preset), 32)
    assert found.kept + found.dropped + found.discarded + found.opposing == pytest.approx(1, abs=1e-9)
    supporting = [region for region in found.regions if region.sign == "supports"]
    opposing = [region for region in found.regions if region.sign == "opposes"]
    assert list(found.regions) == supporting + opposing
    assert bool(opposing) == (found.opposing > 0) == (preset != "paper")
    assert sum(region.weight for region in supporting) == pytest.approx(found.kept)
    assert sum(region.weight for region in opposing) <= found.opposing
    for side in (supporting, opposing):
        weights = [region.weight for region in side]
        assert weights == sorted(weights, reverse=True)
        assert all(weight > 0 for weight in weights)
    indices = [index for region in found.regions for index in region.map_indices]
    assert len(set(indices)) == len(indices)
    assert [region.index for region in found.regions] == list(range(len(found.regions)))
    for region in found.regions:
        assert list(region.map_indices) == sorted(region.map_indices)
        mean = activation[list(region.map_indices)].mean().item()
        assert region.mean_activation == pytest.approx(mean, abs=1e-6)


def test_weights_are_shares_of_the_evidence() -> None:
    activation, gradient = random_layer()
    amounts = (activation * gradient).sum(dim=(1, 2)).double()
    evidence = amounts.abs().sum()
    found = layer_regions("x", activation, gradient, FAITHFUL, 32)
    assert found.opposing == pytest.approx((amounts.clamp(max=0).sum() / -evidence).item())
    for region in found.regions:
        own = amounts[list(region.map_indices)]
        assert (own > 0).all() if region.sign == "supports" else (own < 0).all()
        assert region.weight == pytest.approx((own.abs().sum() / evidence).item())


def test_without_a_blur_regions_together_show_all_evidence_that_is_clustered() -> None:
    activation, gradient = random_layer()
    found = layer_regions("x", activation, gradient, EVERY_MAP, 32)
    amounts = (activation * gradient).sum(dim=(1, 2))
    for sign, factor in (("supports", 1), ("opposes", -1)):
        shown = sum(region.map for region in found.regions if region.sign == sign)
        maps = (factor * activation * gradient).clamp(min=0)[factor * amounts > 0]
        np.testing.assert_allclose(shown, maps.sum(dim=0).numpy(), rtol=1e-4)


@pytest.mark.parametrize("count", range(1, 8))
def test_few_maps(count: int) -> None:
    activation, gradient = random_layer(count)
    found = layer_regions("x", activation, activation.sign() * gradient.abs(), EVERY_MAP, 32)
    assert found.clusters == len(found.regions) == (count if count < 4 else found.clusters)
    assert (found.silhouette is None) == (count < 4)  # each of them alone is no choice
    assert count < 4 or found.clusters <= count - 1
    assert found.kept == pytest.approx(1)


def test_it_is_the_same_every_time_whatever_the_seed() -> None:
    first, second = (layer_regions("x", *random_layer(), RegionSettings(seed=seed), 32) for seed in (0, 7))
    assert_same_layer(first, second, 0)


def test_area_is_a_share_of_the_crop() -> None:
    activation = torch.zeros(1, 2, 2)
    activation[0, :, 0] = 1
    found = layer_regions("x", activation, torch.ones_like(activation), EVERY_MAP, 64)
    assert found.regions[0].area == pytest.approx(0.5, abs=0.02)
    even = layer_regions("x", torch.ones_like(activation), torch.ones_like(activation), EVERY_MAP, 64)
    assert even.regions[0].area == 1


def test_discard_can_be_turned_off() -> None:
    usual, off = (layer_regions("x", *random_layer(), one, 32) for one in (FAITHFUL, EVERY_MAP))
    assert usual.discarded > 0.02
    assert off.discarded == pytest.approx(0)


@pytest.mark.parametrize("strength", [2.0**-40, 2.0**40])
def test_how_strong_a_layer_is_does_not_matter(strength: float) -> None:
    activation, gradient = random_layer()
    found = layer_regions("x", activation, gradient * strength, FAITHFUL, 32)
    expected = layer_regions("x", activation, gradient, FAITHFUL, 32)
    assert [one.map_indices for one in found.regions] == [one.map_indices for one in expected.regions]
    for one, other in zip(found.regions, expected.regions, strict=True):
        np.testing.assert_allclose(one.map / strength, other.map, rtol=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_last_bits_do_not_matter(seed: int) -> None:
    activation, gradient = random_layer()
    dice = torch.Generator().manual_seed(seed)
    wobble = [1 + 2e-7 * torch.randn(activation.shape, generator=dice) for _ in range(2)]
    found = layer_regions("x", activation * wobble[0], gradient * wobble[1], FAITHFUL, 32)
    assert_same_layer(found, layer_regions("x", activation, gradient, FAITHFUL, 32), 1e-5)
