"""What regions really do."""

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor, nn

from analysis.networks.errors import NetworkError
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
    effects = measure_effects(Product(), photo, 0, regions, 2)
    assert effects == {"maps": pytest.approx([6, 5, 6, 11, 0])}


@pytest.mark.parametrize("batch", [1, 3, 16])
@pytest.mark.parametrize("make", [chain, Functional])
def test_effects_are_those_of_the_whole_network(make: type[nn.Module], batch: int) -> None:
    module = seeded(make())
    layers = ["1", "2", "4"] if make is chain else ["first", "relu#1", "relu#2"]
    regions = {layer: [(0, 3), (5,), (1, 2, 11)] for layer in layers}
    effects = measure_effects(module, PHOTO, 1, regions, batch)
    wrapped = Unskippable(module)
    inside = measure_effects(
        wrapped,
        PHOTO,
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
    effects = measure_effects(module, PHOTO, 0, {"relu#2": [(4,)]}, 4)
    assert effects["relu#2"] == pytest.approx([expected.item()], abs=1e-6)


class Shelf:
    """Something outside of any module that code may put tensors on."""

    kept: Tensor


class Stem(nn.Module):
    """Keeps what it gave for whoever asks."""

    def __init__(self, *, inside: bool) -> None:
        super().__init__()
        self.maps = nn.Conv2d(3, 8, 3, padding=1)
        self.inside = inside
        self.shelf = Shelf()
        self.kept = torch.zeros(0)

    def forward(self, photos: Tensor) -> Tensor:
        found: Tensor = self.maps(photos).relu()
        if self.inside:
            self.kept = found
        else:
            self.shelf.kept = found
        return found

    def last(self) -> Tensor:
        return self.kept if self.inside else self.shelf.kept


class Keeping(nn.Module):
    """Looks at what its stem kept, long after the stem was called."""

    def __init__(self, *, inside: bool) -> None:
        super().__init__()
        self.stem = Stem(inside=inside)
        self.second = nn.Conv2d(8, 8, 3, padding=1)
        self.third = nn.Conv2d(8, 8, 3, padding=1)
        self.head = nn.Linear(8, 4)

    def forward(self, photos: Tensor) -> Tensor:
        maps = self.third(self.second(self.stem(photos)).relu()).relu() + 2 * self.stem.last()
        logits: Tensor = self.head(maps.mean(dim=(2, 3)))
        return logits


@pytest.mark.parametrize("batch", [1, 2, 16])
@pytest.mark.parametrize("inside", [True, False])
def test_what_a_module_keeps_between_calls_is_that_of_the_photo(inside: bool, batch: int) -> None:
    module = seeded(Keeping(inside=inside))
    layers = ["stem.maps", "second", "third"]
    regions = {layer: [(0, 3), (1, 2, 5)] for layer in layers}
    effects = measure_effects(module, PHOTO, 1, regions, batch)
    for layer in layers:
        alone = [effect_by_hook(module, layer, channels) for channels in regions[layer]]
        assert effects[layer] == pytest.approx(alone, abs=1e-4)


def effect_by_hook(module: nn.Module, layer: str, channels: Sequence[int]) -> float:
    """The drop of logit 1, by a forward pass of everything."""
    mask = torch.ones(1, 8, 1, 1)
    mask[:, list(channels)] = 0
    with torch.no_grad():
        before = module(PHOTO[None])[0, 1].item()
        handle = module.get_submodule(layer).register_forward_hook(lambda _part, _given, maps: maps * mask)
        after: float = module(PHOTO[None])[0, 1].item()
    handle.remove()
    return float(before - after)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.float16])
def test_a_network_may_work_in_another_precision_inside(dtype: torch.dtype) -> None:
    class Inside(Functional):
        def forward(self, photos: Tensor) -> Tensor:
            return super().forward(photos.to(dtype))

    regions = {"relu#1": [(0, 3), ()], "relu#2": [(4,), ()]}
    found = measure_effects(seeded(Inside()).to(dtype), PHOTO, 1, regions, 16)
    expected = measure_effects(seeded(Functional()), PHOTO, 1, regions, 16)
    for layer, effects in found.items():
        assert effects == pytest.approx(expected[layer], rel=0.1, abs=0.02)
        assert effects[1] == 0


def test_values_that_are_not_numbers_are_refused() -> None:
    module = seeded(Functional())
    with torch.no_grad():
        module.get_parameter("head.bias").fill_(torch.nan)
    with pytest.raises(NetworkError, match="not numbers"):
        measure_effects(module, PHOTO, 1, {"relu#1": [(0,)]}, 16)


def test_layers_without_regions_cost_nothing() -> None:
    def never(*_photos: Tensor) -> Tensor:
        raise AssertionError

    module = nn.Sequential(nn.ReLU())
    module.forward = never  # type: ignore[method-assign]
    assert measure_effects(module, PHOTO, 0, {"0": []}, 4) == {"0": []}


def test_the_network_comes_back_as_it_was() -> None:
    module = seeded(Functional()).train()
    before = fingerprint(module)
    for class_index in (0, 99):
        try:
            measure_effects(module, PHOTO, class_index, {"relu#1": [(0,)]}, 4)
        except IndexError:
            assert class_index == 99
        assert fingerprint(module) == before
