"""What regions really do."""

import pytest
import torch
from torch import Tensor, nn

from analysis.regions.capture import capture
from analysis.regions.effects import measure_effects
from tests.analysis.networks.families import fingerprint
from tests.analysis.networks.tiny import Functional, chain, seeded

PHOTO = torch.rand(3, 16, 16, generator=torch.Generator().manual_seed(2))


class Product(nn.Module):
    """y = a * b + c for the mean of each channel, so that no gradient tells what zeroing does."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.ReLU()

    def forward(self, photos: Tensor) -> Tensor:
        a, b, c = self.maps(photos).mean(dim=(2, 3)).unbind(dim=1)
        return torch.stack([a * b + c, torch.zeros_like(a)], dim=1)


def test_effects_by_hand() -> None:
    photo = torch.tensor([2.0, 3.0, 5.0])[:, None, None].expand(3, 4, 4)
    regions = {"maps": [(0,), (2,), (0, 1), (0, 1, 2), ()]}
    effects = measure_effects(Product(), photo, {"maps": photo}, 0, regions, 2)
    assert effects == {"maps": pytest.approx([6, 5, 6, 11, 0])}


@pytest.mark.parametrize("batch", [1, 3, 16])
@pytest.mark.parametrize("make", [chain, Functional])
def test_effects_are_those_of_the_whole_network(make: type[nn.Module], batch: int) -> None:
    module = seeded(make())
    layers = ["1", "2", "4"] if make is chain else ["first", "relu#1", "relu#2"]
    regions = {layer: [(0, 3), (5,), (1, 2, 11)] for layer in layers}
    activations = {layer: maps[0] for layer, maps in capture(module, PHOTO[None], layers).activations.items()}
    effects = measure_effects(module, PHOTO, activations, 1, regions, batch)
    wrapped = Unskippable(module)
    inside = measure_effects(
        wrapped,
        PHOTO,
        {f"inner.{layer}": maps for layer, maps in activations.items()},
        1,
        {f"inner.{layer}": channels for layer, channels in regions.items()},
        batch,
    )
    for layer in layers:
        assert effects[layer] == pytest.approx(inside[f"inner.{layer}"], abs=1e-5)
        assert max(map(abs, effects[layer])) > 1e-2


class Unskippable(nn.Module):
    """A network whose parts give something that cannot be remembered."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner
        self.opaque = Opaque()

    def forward(self, photos: Tensor) -> tuple[Tensor, Tensor]:
        return photos, self.inner(self.opaque(photos).pop())


class Opaque(nn.Module):
    def forward(self, photos: Tensor) -> set[Tensor]:
        return {photos}


def test_only_the_named_call_of_a_shared_module_is_zeroed() -> None:
    module = seeded(Functional())
    captured = capture(module, PHOTO[None], ["relu#1", "relu#2"], [0])
    with torch.no_grad():
        maps = captured.activations["relu#2"].clone()
        maps[:, 4] = 0
        expected = captured.logits[0, 0] - module.get_submodule("head")(maps.mean((2, 3)))[0, 0]
    activation = captured.activations["relu#2"][0]
    effects = measure_effects(module, PHOTO, {"relu#2": activation}, 0, {"relu#2": [(4,)]}, 4)
    assert effects["relu#2"] == pytest.approx([expected.item()], abs=1e-6)


def test_layers_without_regions_cost_nothing() -> None:
    def never(*_photos: Tensor) -> Tensor:
        raise AssertionError

    module = nn.Sequential(nn.ReLU())
    module.forward = never  # type: ignore[method-assign]
    assert measure_effects(module, PHOTO, {"0": PHOTO}, 0, {"0": []}, 4) == {"0": []}


def test_the_network_comes_back_as_it_was() -> None:
    module = seeded(Functional()).train()
    activation = capture(module, PHOTO[None], ["relu#1"]).activations["relu#1"][0]
    before = fingerprint(module)
    for class_index in (0, 99):
        try:
            measure_effects(module, PHOTO, {"relu#1": activation}, class_index, {"relu#1": [(0,)]}, 4)
        except IndexError:
            assert class_index == 99
        assert fingerprint(module) == before
