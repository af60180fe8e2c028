"""From photos to regions, with a tiny network and with the real one."""

import pytest

from analysis.networks.network import Network
from analysis.regions import explain, explain_batch
from analysis.regions.settings import RegionSettings, SettingsError
from tests.analysis.networks.tiny import Functional, tiny_network
from tests.analysis.regions.photos import assert_same, demo, noise


@pytest.mark.parametrize("module", [None, Functional()])
@pytest.mark.parametrize("micro_batch", [1, 2, 8])
def test_a_batch_equals_single_calls(module: Functional | None, micro_batch: int) -> None:
    network = tiny_network(module)
    photos = [noise(seed) for seed in range(5)]
    together = explain_batch(network, photos, RegionSettings(micro_batch=micro_batch))
    for photo, result in zip(photos, together, strict=True):
        assert_same(result, explain(network, photo))


def test_sixteen_photos_equal_single_calls_whatever_the_others_are() -> None:
    network = tiny_network()
    settings = RegionSettings(micro_batch=16)
    photos = [noise(seed) for seed in range(16)]
    together = explain_batch(network, photos, settings)
    for photo, result in zip(photos, together, strict=True):
        assert_same(result, explain(network, photo))
    others = [photos[0], *(noise(seed) for seed in range(100, 115))]
    assert_same(explain_batch(network, others, settings)[0], together[0])
    assert_same(explain_batch(network, photos[::-1], settings)[-1], together[0])


def test_each_photo_has_its_own_class() -> None:
    network = tiny_network()
    photos = [noise(seed) for seed in range(4)]
    together = explain_batch(network, photos, class_indices=[2, None, 0, 1])
    for photo, index, result in zip(photos, [2, None, 0, 1], together, strict=True):
        assert_same(result, explain(network, photo, class_index=index))


def test_the_panda(lite: Network) -> None:
    result = explain(lite, demo("panda"))
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
    assert len({(result.predicted_index, result.predicted_name) for result in results}) == 1
    best = max(results, key=lambda result: result.probability)
    assert best.class_index == best.predicted_index
    assert {result.predicted_probability for result in results} == {best.probability}
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
