"""The regions of one layer, by hand and in general."""

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.regions.faithful import layer_regions
from analysis.regions.settings import RegionSettings

Maps = NDArray[np.float32]
SETTINGS = RegionSettings()


def layer(values: list[float]) -> tuple[Maps, Maps]:
    """Maps of 1 x 2 pixels whose first pixel alone contributes what `values` say."""
    activation = np.ones((len(values), 1, 2), dtype=np.float32)
    gradient = np.zeros_like(activation)
    gradient[:, 0, 0] = values
    return activation, gradient


def random_layer(channels: int = 96, seed: int = 0) -> tuple[Maps, Maps]:
    generator = np.random.default_rng(seed)
    shape = (channels, 6, 6)
    return generator.normal(size=shape).astype(np.float32), generator.normal(size=shape).astype(np.float32)


def test_shares_by_hand() -> None:
    # K = 8, so maps of up to 9.6 percent of their sign's sum are discarded: 1 of 16, but not 2 or 3.
    found = layer_regions("x", *layer([10, 3, 2, 1, -4, 0, 0, 0]), SETTINGS, 8)
    assert found.channels == 8
    assert found.opposing == pytest.approx(4 / 20)
    assert found.discarded == pytest.approx(1 / 20)
    # Three maps are left, a region each; 3 and 2 are less than a third of 10.
    assert found.dropped == pytest.approx(5 / 20)
    assert found.kept == pytest.approx(10 / 20)
    supporting, opposing = found.regions
    assert (supporting.sign, supporting.map_indices) == ("supports", (0,))
    assert (opposing.sign, opposing.map_indices) == ("opposes", (4,))
    assert supporting.weight == pytest.approx(10 / 20)
    assert opposing.weight == pytest.approx(4 / 20)
    assert supporting.map.tolist() == [[10, 0]]
    assert opposing.map.tolist() == [[4, 0]]
    assert supporting.maps == 1
    assert found.silhouette is None


def test_opposing_maps_that_are_not_shown_stay_in_opposing() -> None:
    found = layer_regions("x", *layer([5, -6, -1]), SETTINGS, 8)
    assert found.opposing == pytest.approx(7 / 12)
    assert [region.weight for region in found.regions] == pytest.approx([5 / 12, 6 / 12])


def test_no_evidence_at_all() -> None:
    found = layer_regions("x", *layer([0, 0, 0]), SETTINGS, 8)
    assert (found.kept, found.dropped, found.discarded, found.opposing) == (0, 0, 1, 0)
    assert found.regions == ()


@pytest.mark.parametrize("values", [[3.0, 2.0], [-3.0, -2.0]])
def test_one_sign_only(values: list[float]) -> None:
    found = layer_regions("x", *layer(values), SETTINGS, 8)
    assert {region.sign for region in found.regions} == {"supports" if values[0] > 0 else "opposes"}
    assert found.opposing == (0 if values[0] > 0 else 1)


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_lost(seed: int) -> None:
    found = layer_regions("x", *random_layer(seed=seed), SETTINGS, 32)
    assert found.kept + found.dropped + found.discarded + found.opposing == pytest.approx(1, abs=1e-9)
    supporting = [region for region in found.regions if region.sign == "supports"]
    opposing = [region for region in found.regions if region.sign == "opposes"]
    assert list(found.regions) == supporting + opposing
    assert sum(region.weight for region in supporting) == pytest.approx(found.kept)
    assert sum(region.weight for region in opposing) <= found.opposing
    for side in (supporting, opposing):
        weights = [region.weight for region in side]
        assert weights == sorted(weights, reverse=True)
        assert min(weights) > 0
    indices = [index for region in found.regions for index in region.map_indices]
    assert len(set(indices)) == len(indices)
    assert [region.index for region in found.regions] == list(range(len(found.regions)))


def test_it_is_the_same_every_time() -> None:
    first, second = (layer_regions("x", *random_layer(), SETTINGS, 32) for _ in range(2))
    assert [region.map_indices for region in first.regions] == [
        region.map_indices for region in second.regions
    ]
    assert all(np.array_equal(a.map, b.map) for a, b in zip(first.regions, second.regions, strict=True))


def test_area_is_a_share_of_the_crop() -> None:
    activation = np.zeros((1, 2, 2), dtype=np.float32)
    activation[0, :, 0] = 1
    found = layer_regions("x", activation, np.ones_like(activation), SETTINGS, 64)
    assert found.regions[0].area == pytest.approx(0.5, abs=0.02)
    even = layer_regions("x", np.ones_like(activation), np.ones_like(activation), SETTINGS, 64)
    assert even.regions[0].area == 1


def test_discard_can_be_turned_off() -> None:
    found = layer_regions("x", *random_layer(), RegionSettings(discard=0), 32)
    assert found.discarded == pytest.approx(0)
