"""Whether a region survives small noise: by hand, and with networks that noise does or does not matter to."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from analysis.regions import explain
from analysis.regions.passes import captured, found_layers
from analysis.regions.results import LayerRegions, Region, Sign
from analysis.regions.settings import RegionSettings
from analysis.regions.stability import DRAWS, best_match, noisy, stabilities, standardised
from tests.analysis.networks.tiny import tiny_network
from tests.analysis.regions.photos import noise

RAMP = np.array([[0, 1], [0, 1]], dtype=np.float32)
FLAT = np.ones((2, 2), dtype=np.float32)


def region(
    maps: tuple[int, ...],
    shown: NDArray[np.float32] = RAMP,
    sign: Sign = "supports",
    weight: float = 0.1,
    index: int = 0,
) -> Region:
    return Region(index, weight, sign, None, None, maps, shown, 0.5, 0.0)


def layer(*regions: Region) -> LayerRegions:
    return LayerRegions("x", 9, 1.0, 0.0, 0.0, 0.0, len(regions), None, regions)


def test_the_best_match_shares_most_maps_and_has_the_same_sign() -> None:
    wanted = region((1, 2, 3))
    one, two, opposing = region((1,)), region((2, 3)), region((1, 2, 3), sign="opposes")
    assert best_match(wanted, [one, two, opposing]) is two
    assert best_match(wanted, [one, opposing]) is one
    assert best_match(wanted, [opposing, region((4, 5))]) is None
    assert best_match(wanted, []) is None


def test_of_equal_matches_the_heavier_one_counts() -> None:
    heavy, light = region((1, 7), weight=0.5), region((2, 8), weight=0.2)
    assert best_match(region((1, 2)), [heavy, light]) is heavy  # they come by descending weight


def test_the_same_picture_is_stable_whatever_its_strength() -> None:
    draws = [layer(region((0, 1), 3 * RAMP + 2))] * DRAWS
    assert stabilities(layer(region((0, 1))), draws, 16) == pytest.approx([1])
    assert stabilities(layer(region((0, 1))), [layer(region((0, 1), -RAMP))], 16) == pytest.approx([-1])


def test_stability_is_the_mean_of_the_correlations() -> None:
    across = RAMP.T.copy()
    # Left to right and top to bottom are uncorrelated; no match counts 0; the last is the same.
    draws = [
        layer(region((0,), across)),
        layer(region((5,))),
        layer(region((0,), -RAMP)),
        layer(region((0,))),
    ]
    assert stabilities(layer(region((0,))), draws, 16) == pytest.approx([(0 + 0 - 1 + 1) / 4], abs=1e-9)


def test_each_region_is_matched_by_itself() -> None:
    found = layer(region((0, 1)), region((2,), RAMP.T.copy(), index=1), region((3,), sign="opposes", index=2))
    draw = layer(
        region((2, 5), RAMP.T.copy()), region((1,), RAMP, index=1), region((3,), -RAMP, "opposes", index=2)
    )
    assert stabilities(found, [draw], 8) == pytest.approx([1, 1, -1])


def test_correlations_are_those_of_numpy_at_the_size_of_the_crop() -> None:
    dice = np.random.default_rng(0)
    left, right = (dice.random((5, 4), dtype=np.float32) for _ in range(2))
    (found,) = stabilities(layer(region((0,), left)), [layer(region((0,), right))], 20)
    pictures = [
        torch.nn.functional.interpolate(torch.from_numpy(one)[None, None], 20, mode="bilinear")
        for one in (left, right)
    ]
    assert found == pytest.approx(np.corrcoef(torch.stack(pictures).flatten(1).numpy())[0, 1], abs=1e-5)


def test_a_constant_map_correlates_with_nothing() -> None:
    assert not standardised(FLAT, 8).any()
    assert stabilities(layer(region((0,), FLAT)), [layer(region((0,), FLAT))], 8) == [0]
    assert stabilities(layer(region((0,), RAMP)), [layer(region((0,), FLAT))], 8) == [0]


def test_noise_is_one_255th_in_image_range() -> None:
    std = (0.2, 0.25, 0.5)
    photo = torch.rand(3, 100, 100, generator=torch.Generator().manual_seed(0))
    draws = noisy(photo, std, 0)
    assert draws.shape == (DRAWS, 3, 100, 100)
    in_image = (draws - photo) * torch.tensor(std)[:, None, None] * 255
    for channel in range(3):
        assert in_image[:, channel].std().item() == pytest.approx(1, abs=0.02)
        assert in_image[:, channel].mean().item() == pytest.approx(0, abs=0.02)
    assert not torch.equal(draws[0], draws[1])


def test_noise_depends_on_the_seed_only() -> None:
    photo = torch.zeros(3, 8, 8)
    torch.manual_seed(1)
    first = noisy(photo, (1, 1, 1), 5)
    torch.manual_seed(2)
    assert torch.equal(noisy(photo, (1, 1, 1), 5), first)
    assert not torch.equal(noisy(photo, (1, 1, 1), 6), first)


class Noticing(nn.Module):
    """Maps of the photo's brightness in a few places, or of whatever is finer than a bit of noise."""

    def __init__(self, gain: float) -> None:
        super().__init__()
        self.gain = gain
        self.maps = nn.Conv2d(3, 12, 4, stride=4)
        self.head = nn.Linear(12, 3)

    def forward(self, photos: Tensor) -> Tensor:
        maps = self.maps(torch.sin(photos * self.gain)).relu()
        logits: Tensor = self.head(maps.mean(dim=(2, 3)))
        return logits


def mean_stability(gain: float) -> float:
    settings = RegionSettings(stability=True, effects=False, layers=("maps",))
    (found,) = explain(tiny_network(Noticing(gain)), noise(3), settings).layers
    assert len(found.regions) > 3
    assert all(one.stability is not None and -1 <= one.stability <= 1 for one in found.regions)
    return float(np.mean([one.stability for one in found.regions if one.stability is not None]))


def test_a_network_that_noise_does_not_matter_to_is_stable_and_one_that_it_does_is_not() -> None:
    assert mean_stability(1) > 0.98
    assert mean_stability(1000) < 0.7


def test_it_is_that_of_the_same_class_in_photos_with_noise() -> None:
    network = tiny_network()
    settings = RegionSettings(stability=True, effects=False, seed=4)
    photo = network.preprocessing.tensor(noise(1))
    draws = noisy(photo, network.preprocessing.std, 4)
    for index in range(3):
        found = explain(network, noise(1), settings, class_index=index)
        seen = []
        for draw in draws:
            one_pass = captured(network, draw[None], [index], network.default_layers, settings)
            seen.append(found_layers(network, settings, draw, one_pass, 0))
        for depth, layer_found in enumerate(found.layers):
            expected = stabilities(
                layer_found, [layers[depth] for layers in seen], network.preprocessing.crop
            )
            measured = [region.stability for region in layer_found.regions]
            assert measured == pytest.approx(expected, abs=1e-5)
            assert min(expected) < 0.9999
