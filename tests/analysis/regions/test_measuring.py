"""Effects and stability of regions that were found before."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from analysis.networks.network import Network
from analysis.regions import explain
from analysis.regions.measuring import measure
from analysis.regions.results import ImageRegions
from analysis.regions.settings import Preset, RegionSettings
from analysis.regions.stability import DRAWS
from tests.analysis.networks.tiny import Functional, chain, tiny_network
from tests.analysis.regions.photos import assert_same, demo, noise


def values(found: ImageRegions, measured: str) -> list[float | None]:
    return [getattr(region, measured) for layer in found.layers for region in layer.regions]


@pytest.mark.parametrize("preset", ["faithful", "paper", "integrated"])
@pytest.mark.parametrize("make", [chain, Functional])
def test_measuring_later_is_measuring_at_once(make: type[nn.Module], preset: Preset) -> None:
    network = tiny_network(make())
    wanted = RegionSettings(preset=preset, stability=True)
    found = explain(network, noise(0), RegionSettings(preset=preset, effects=False), class_index=1)
    assert {*values(found, "effect"), *values(found, "stability")} == {None}
    assert (found.seconds.effect, found.seconds.stability) == (0, 0)
    later, at_once = (
        measure(network, noise(0), found, wanted),
        explain(network, noise(0), wanted, class_index=1),
    )
    assert None not in values(later, "effect") + values(later, "stability")
    assert min(later.seconds.effect, later.seconds.stability) > 0
    assert_same(later, at_once, 1e-6)


def test_measuring_stability_uses_one_thread_and_gives_the_others_back() -> None:
    network = tiny_network()
    settings = RegionSettings(effects=False, stability=True)
    found = explain(network, noise(0), RegionSettings(effects=False))
    seen: list[int] = []
    network.module.register_forward_pre_hook(lambda *_given: seen.append(torch.get_num_threads()))
    torch.set_num_threads(2)
    measure(network, noise(0), found, settings)
    assert set(seen) == {1}
    assert torch.get_num_threads() == 2


def test_the_papers_noisy_copies_run_one_at_a_time_too() -> None:
    network = tiny_network()
    settings = RegionSettings(preset="paper", effects=False, stability=True, micro_batch=4)
    found = explain(network, noise(0), RegionSettings(preset="paper", effects=False))
    rows: list[int] = []
    network.module.register_forward_pre_hook(lambda _module, given: rows.append(len(given[0])))
    measure(network, noise(0), found, settings)
    assert rows == [1] * 5


def test_only_what_is_asked_for_is_measured() -> None:
    network = tiny_network()
    found = explain(network, noise(0), RegionSettings(effects=False))
    effects = measure(network, noise(0), found, RegionSettings())
    assert None not in values(effects, "effect")
    assert set(values(effects, "stability")) == {None}
    stable = measure(network, noise(0), found, RegionSettings(effects=False, stability=True))
    assert set(values(stable, "effect")) == {None}
    assert None not in values(stable, "stability")
    both = measure(network, noise(0), effects, RegionSettings(effects=False, stability=True))
    assert values(both, "effect") == values(effects, "effect")
    assert values(both, "stability") == values(stable, "stability")


def test_regions_themselves_stay_as_they_are() -> None:
    network = tiny_network()
    found = explain(network, noise(0), RegionSettings(effects=False))
    measured = measure(network, noise(0), found, RegionSettings(stability=True))
    for before, after in zip(found.layers, measured.layers, strict=True):
        for one, other in zip(before.regions, after.regions, strict=True):
            assert other.map is one.map
            assert other.map_indices == one.map_indices
        assert replace(after, regions=()).__repr__() == replace(before, regions=()).__repr__()


def test_the_found_class_and_layers_are_measured_whatever_the_settings_say() -> None:
    network = tiny_network()
    settings = RegionSettings(layers=("2",), effects=False)
    found = explain(network, noise(0), settings, class_index=2)
    later = measure(network, noise(0), found, RegionSettings())
    at_once = explain(network, noise(0), RegionSettings(layers=("2",)), class_index=2)
    assert_same(later, at_once, 1e-6)


def test_the_effects_of_a_last_linear_layer_by_hand() -> None:
    network = tiny_network(Functional())
    found = explain(network, noise(0), RegionSettings(layers=("relu#2",)), class_index=0)
    head = network.module.get_submodule("head")
    assert isinstance(head, nn.Linear)
    for region in found.layers[0].regions:
        # The logit is linear in these maps, so that zeroing them takes their contributions away.
        sign = 1 if region.sign == "supports" else -1
        assert region.effect is not None
        assert region.effect * sign > 0
    evidence = sum(abs(region.effect or 0) for region in found.layers[0].regions)
    shares = [abs(region.effect or 0) / evidence for region in found.layers[0].regions]
    total = sum(region.weight for region in found.layers[0].regions)
    assert shares == pytest.approx([region.weight / total for region in found.layers[0].regions], abs=1e-4)


@pytest.mark.parametrize("make", [chain, Functional])
def test_mixed_precision_is_close_to_single(make: type[nn.Module]) -> None:
    network = tiny_network(make())
    single = explain(network, noise(0), RegionSettings(stability=True))
    mixed = explain(network, noise(0), RegionSettings(precision="mixed", stability=True))
    assert mixed.logit == pytest.approx(single.logit, rel=0.02)
    assert mixed.logit != single.logit
    for one, other in zip(single.layers, mixed.layers, strict=True):
        assert other.kept == pytest.approx(one.kept, abs=0.05)
        assert other.opposing == pytest.approx(one.opposing, abs=0.05)
        assert one.regions[0].effect == pytest.approx(other.regions[0].effect, rel=0.2, abs=0.05)
        assert str(other.regions[0].map.dtype) == "float32"


def test_with_mixed_precision_removing_nothing_has_no_effect() -> None:
    network = tiny_network()
    settings = RegionSettings(precision="mixed", layers=("1", "2", "4"))
    found = explain(network, noise(0), replace(settings, effects=False))
    nothing = [
        replace(layer, regions=tuple(replace(region, map_indices=()) for region in layer.regions))
        for layer in found.layers
    ]
    measured = measure(network, noise(0), replace(found, layers=tuple(nothing)), settings)
    assert set(values(measured, "effect")) == {0.0}


def test_effects_need_no_gradients_and_stability_no_pass_of_the_photo_itself() -> None:
    network = tiny_network()
    found = explain(network, noise(0), RegionSettings(effects=False))
    seen: list[tuple[bool, int]] = []
    network.module.register_forward_pre_hook(
        lambda _module, given: seen.append((torch.is_grad_enabled(), len(given[0])))
    )
    measure(network, noise(0), found, RegionSettings())
    assert not any(gradients for gradients, _ in seen)
    seen.clear()
    measure(network, noise(0), found, RegionSettings(effects=False, stability=True))
    assert sum(photos for _, photos in seen) == DRAWS
    seen.clear()
    measure(network, noise(0), found, RegionSettings(effects=False))
    assert not seen


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("preset", ["faithful", "paper"])
def test_networks_of_other_precisions(preset: Preset, dtype: torch.dtype) -> None:
    settings = RegionSettings(preset=preset, stability=True)
    network = tiny_network(Functional().to(dtype))
    found = explain(network, noise(0), settings)
    assert found.logit == pytest.approx(explain(tiny_network(Functional()), noise(0)).logit, rel=0.02)
    assert None not in values(found, "effect") + values(found, "stability")


@pytest.mark.parametrize("preset", ["paper", "integrated"])
def test_mixed_precision_in_other_presets(preset: Preset) -> None:
    network = tiny_network()
    single = explain(network, noise(0), RegionSettings(preset=preset))
    mixed = explain(network, noise(0), RegionSettings(preset=preset, precision="mixed"))
    for one, other in zip(single.layers, mixed.layers, strict=True):
        assert other.opposing == pytest.approx(one.opposing, abs=0.05)


def test_mixed_precision_of_the_real_network(lite: Network) -> None:
    layers = ("_blocks.12", "_blocks.15")
    photo = demo("panda")
    single = explain(lite, photo, RegionSettings(layers=layers, effects=False))
    mixed = explain(lite, photo, RegionSettings(layers=layers, effects=False, precision="mixed"))
    assert mixed.class_index == single.class_index
    assert mixed.logit == pytest.approx(single.logit, rel=0.02)
    for one, other in zip(single.layers, mixed.layers, strict=True):
        assert other.opposing == pytest.approx(one.opposing, abs=0.05)
        assert other.discarded == pytest.approx(one.discarded, abs=0.05)


def test_single_precision_is_not_changed_by_who_calls_it() -> None:
    network = tiny_network()
    expected = explain(network, noise(0))
    with torch.inference_mode():
        assert_same(explain(network, noise(0)), expected, 0)
    with torch.no_grad():
        assert_same(explain(network, noise(0)), expected, 0)
