"""From photos to regions, with a tiny network and with the real one."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from analysis.networks import load_network
from analysis.networks.network import Network
from analysis.networks.photos import read_photo
from analysis.regions import explain, explain_batch
from analysis.regions.results import ImageRegions
from analysis.regions.settings import RegionSettings, SettingsError
from tests.analysis.networks.tiny import Functional, tiny_network

PHOTOS = Path(__file__).parents[3] / "labeling" / "demo" / "photos"


def noise(seed: int) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def assert_same(left: ImageRegions, right: ImageRegions) -> None:
    assert left.class_index == right.class_index
    assert left.logit == pytest.approx(right.logit, abs=1e-4)
    assert left.probability == pytest.approx(right.probability, abs=1e-5)
    for one, other in zip(left.layers, right.layers, strict=True):
        for share in ("kept", "dropped", "discarded", "opposing"):
            assert getattr(one, share) == pytest.approx(getattr(other, share), abs=1e-5)
        for a, b in zip(one.regions, other.regions, strict=True):
            assert (a.sign, a.map_indices) == (b.sign, b.map_indices)
            assert a.weight == pytest.approx(b.weight, abs=1e-5)
            assert a.effect == pytest.approx(b.effect, abs=1e-4)
            np.testing.assert_allclose(a.map, b.map, atol=1e-5)


@pytest.fixture(scope="module")
def lite() -> Network:
    return load_network("efficientnet_lite0")


@pytest.mark.parametrize("module", [None, Functional()])
@pytest.mark.parametrize("micro_batch", [1, 2, 8])
def test_a_batch_equals_single_calls(module: Functional | None, micro_batch: int) -> None:
    network = tiny_network(module)
    photos = [noise(seed) for seed in range(5)]
    together = explain_batch(network, photos, RegionSettings(micro_batch=micro_batch))
    for photo, result in zip(photos, together, strict=True):
        assert_same(result, explain(network, photo))


def test_a_batch_equals_single_calls_on_the_real_network(lite: Network) -> None:
    photos = [read_photo(PHOTOS / f"{name}.jpg").image for name in ("panda", "koala", "hedgehog")]
    together = explain_batch(lite, photos)
    for photo, result in zip(photos, together, strict=True):
        assert_same(result, explain(lite, photo))


def test_the_panda(lite: Network) -> None:
    result = explain(lite, read_photo(PHOTOS / "panda.jpg").image)
    assert (result.class_index, result.class_name) == (388, "giant panda")
    assert result.probability > 0.9
    assert [layer.name for layer in result.layers] == [f"_blocks.{index}" for index in range(7, 16)]
    for layer in result.layers:
        assert layer.kept + layer.dropped + layer.discarded + layer.opposing == pytest.approx(1, abs=1e-6)
        assert layer.regions
        assert all(0 <= region.area <= 1 and region.effect is not None for region in layer.regions)
    last = result.layers[-1].regions
    assert last[0].effect is not None
    assert last[0].effect > 1


def test_another_class_than_the_predicted_one_can_be_explained() -> None:
    network = tiny_network()
    results = [explain(network, noise(0), class_index=index) for index in range(3)]
    assert [result.class_name for result in results] == ["ant", "bee", "cat"]
    assert sum(result.probability for result in results) == pytest.approx(1)
    best = max(results, key=lambda result: result.probability)
    assert_same(explain(network, noise(0)), best)


def test_chosen_layers_come_shallow_to_deep_and_effects_are_optional() -> None:
    result = explain(tiny_network(), noise(0), RegionSettings(layers=("4", "1"), effects=False))
    assert [layer.name for layer in result.layers] == ["1", "4"]
    assert all(region.effect is None for layer in result.layers for region in layer.regions)


def test_no_photos() -> None:
    assert explain_batch(tiny_network(), []) == []


def test_what_the_network_does_not_have_is_refused() -> None:
    network = tiny_network(Functional())
    with pytest.raises(SettingsError, match=r"no layer relu\. Did you mean relu#"):
        explain(network, noise(0), RegionSettings(layers=("relu",)))
    with pytest.raises(SettingsError, match="no class 3: its classes are 0 to 2"):
        explain(network, noise(0), class_index=3)
    with pytest.raises(SettingsError, match="1 photos, but 2 classes"):
        explain_batch(network, [noise(0)], class_indices=[0, 1])


@pytest.mark.parametrize(
    "wrong",
    [
        {"preset": "magic"},
        {"layers": ()},
        {"layers": ["a"]},
        {"layers": ("a", "a")},
        {"discard": 1.0},
        {"discard": -0.1},
        {"discard": float("nan")},
        {"min_regions": 1},
        {"min_regions": 5, "max_regions": 4},
        {"max_regions": 33},
        {"micro_batch": 0},
        {"micro_batch": 1.5},
        {"effect_batch": True},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match="must"):
        RegionSettings(**wrong)  # type: ignore[arg-type]
