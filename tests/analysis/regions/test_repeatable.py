"""The faithful preset gives the same regions of real photos however they are computed."""

import json
from dataclasses import replace

import pytest
import torch

from analysis.networks.network import Network
from analysis.regions import explain, explain_batch
from analysis.regions.archive import pack_maps
from analysis.regions.capture import Capture
from analysis.regions.finding import layer_regions
from analysis.regions.passes import captured, network_inputs
from analysis.regions.results import ImageRegions, LayerRegions
from analysis.regions.serialise import image_as_dict
from analysis.regions.settings import RegionSettings
from tests.analysis.regions.photos import assert_same, assert_same_layer, demo

NAMES = ("panda", "koala", "hedgehog", "dog")
PHOTOS = [demo(name) for name in NAMES]
USUAL = RegionSettings()


@pytest.fixture(scope="module")
def usual(lite: Network) -> list[ImageRegions]:
    torch.set_num_threads(1)
    return [explain(lite, photo, USUAL) for photo in PHOTOS]


def as_bytes(found: ImageRegions) -> tuple[bytes, str]:
    numbers = {key: value for key, value in image_as_dict(found).items() if key != "seconds"}
    return pack_maps(found), json.dumps(numbers)


def test_the_next_time_and_with_another_seed_it_is_the_same_bytes(
    lite: Network, usual: list[ImageRegions]
) -> None:
    for photo, expected in zip(PHOTOS[:2], usual[:2], strict=True):
        assert as_bytes(explain(lite, photo, RegionSettings(seed=99))) == as_bytes(expected)


def same_slopes(left: Capture, right: Capture, place: int) -> bool:
    """Whether last bits moved no unit over the bend of its activation, where a gradient jumps by itself."""
    return all(
        bool(((slopes[0] - right.gradients[name][place]).abs() <= 1e-5 * slopes[0].abs().max()).all())
        for name, slopes in left.gradients.items()
    )


@pytest.fixture(scope="module")
def alone(lite: Network) -> list[Capture]:
    torch.set_num_threads(1)
    inputs = network_inputs(lite, PHOTOS)
    return [captured(lite, one[None], [None], lite.default_layers, USUAL) for one in inputs]


@pytest.mark.parametrize("micro_batch", [2, 4])
def test_photos_of_a_batch_do_not_matter_to_each_other(
    lite: Network, usual: list[ImageRegions], alone: list[Capture], micro_batch: int
) -> None:
    inputs, layers = network_inputs(lite, PHOTOS), lite.default_layers
    found = explain_batch(lite, PHOTOS, RegionSettings(micro_batch=micro_batch))
    compared = 0
    for start in range(0, len(PHOTOS), micro_batch):
        part = inputs[start : start + micro_batch]
        together = captured(lite, part, [None] * micro_batch, layers, USUAL)
        for place in range(micro_batch):
            if same_slopes(alone[start + place], together, place):
                assert_same(found[start + place], usual[start + place])
                compared += 1
    assert compared >= 2


def test_threads_do_not_matter(lite: Network, usual: list[ImageRegions]) -> None:
    torch.set_num_threads(2)
    for photo, expected in zip(PHOTOS, usual, strict=True):
        found = explain(lite, photo, RegionSettings(effects=False))
        for one, other in zip(found.layers, expected.layers, strict=True):
            assert_same_layer(one, without_effects(other))
    assert torch.get_num_threads() == 2


def without_effects(layer: LayerRegions) -> LayerRegions:
    return replace(layer, regions=tuple(replace(region, effect=None) for region in layer.regions))


@pytest.mark.parametrize("seed", range(3))
def test_last_bits_of_maps_and_gradients_do_not_matter(lite: Network, seed: int) -> None:
    one_pass = captured(lite, network_inputs(lite, PHOTOS), [None] * 4, lite.default_layers, USUAL)
    dice = torch.Generator().manual_seed(seed)
    for name, activations in one_pass.activations.items():
        gradients = one_pass.gradients[name]
        wobble = [1 + 1e-7 * torch.randn(activations.shape, generator=dice) for _ in range(2)]
        for place in range(len(PHOTOS)):
            expected = layer_regions(name, activations[place], gradients[place], USUAL, 224)
            found = layer_regions(
                name, (activations * wobble[0])[place], (gradients * wobble[1])[place], USUAL, 224
            )
            assert_same_layer(found, expected)
