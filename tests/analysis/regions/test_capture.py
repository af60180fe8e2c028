"""Maps and gradients, and the network afterwards."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from analysis.networks.errors import NetworkError
from analysis.networks.layers import find_layers
from analysis.networks.replay import replaying
from analysis.regions.capture import capture
from tests.analysis.networks.families import CLASSES, FAMILIES, STEPS, family, fingerprint, photos_for
from tests.analysis.networks.tiny import Functional, chain, seeded


def photos(count: int = 3) -> Tensor:
    return torch.rand(count, 3, 16, 16, generator=torch.Generator().manual_seed(1))


class ByHand(nn.Module):
    """One map doubled, one negated, summed up: y = sum(2 a) - sum(b), and no parameter at all."""

    def __init__(self) -> None:
        super().__init__()
        self.relu = nn.ReLU(inplace=True)

    def forward(self, photos: Tensor) -> Tensor:
        maps = self.relu(photos)
        score = 2 * maps[:, 0].sum((1, 2)) - maps[:, 1].sum((1, 2))
        return torch.stack([score, -score], dim=1)


def test_gradients_by_hand() -> None:
    photo = torch.tensor([[[[1.0, -2.0]], [[-1.0, 3.0]], [[5.0, 5.0]]]])
    captured = capture(ByHand(), photo.clone(), ["relu"], [0])
    assert captured.activations["relu"].tolist() == [[[[1, 0]], [[0, 3]], [[5, 5]]]]
    assert captured.gradients["relu"].tolist() == [[[[2, 2]], [[-1, -1]], [[0, 0]]]]
    assert captured.logits.tolist() == [[-1, 1]]
    assert capture(ByHand(), photo.clone(), ["relu"]).classes.tolist() == [1]


def test_an_in_place_activation_does_not_overwrite_the_layer_before_it() -> None:
    module = seeded(chain())
    captured = capture(module, photos(), ["0", "1", "2", "3", "4"])
    assert (captured.activations["1"] < 0).any()
    assert (captured.activations["3"] < 0).any()
    for before, after in (("1", "2"), ("3", "4")):
        positive = captured.activations[before] > 0
        torch.testing.assert_close(captured.activations[before].relu(), captured.activations[after])
        torch.testing.assert_close(
            captured.gradients[before], captured.gradients[after] * positive, rtol=0, atol=1e-7
        )


@pytest.mark.parametrize("make", [chain, Functional])
def test_all_layers_at_once_equal_each_alone(make: type[nn.Module]) -> None:
    module = seeded(make())
    layers = ["first", "relu#1", "second", "relu#2"] if make is Functional else ["0", "2", "4"]
    together = capture(module, photos(), layers)
    for layer in layers:
        alone = capture(module, photos(), [layer])
        torch.testing.assert_close(alone.activations[layer], together.activations[layer])
        torch.testing.assert_close(alone.gradients[layer], together.gradients[layer])


def test_the_gradient_is_that_of_finite_differences() -> None:
    module = seeded(chain()).double()
    captured = capture(module, photos(1).double(), ["2"], [1])
    maps, step, rest = captured.activations["2"], 1e-6, nn.Sequential(*list(module.children())[3:])
    nudge = torch.zeros_like(maps)
    nudge[0, 5, 3, 4] = step
    with torch.no_grad():
        slope = (rest(maps + nudge) - rest(maps - nudge))[0, 1] / (2 * step)
    assert captured.gradients["2"][0, 5, 3, 4].item() == pytest.approx(slope.item(), abs=1e-8)


def test_photos_of_a_batch_do_not_matter_to_each_other() -> None:
    module = seeded(chain())
    batch = capture(module, photos(), ["2", "4"], [0, 1, 2])
    for place in range(3):
        alone = capture(module, photos()[place : place + 1], ["2", "4"], [place])
        for layer in ("2", "4"):
            torch.testing.assert_close(batch.gradients[layer][place], alone.gradients[layer][0])


@pytest.mark.parametrize("around", [torch.no_grad, torch.inference_mode, torch.enable_grad])
def test_the_network_comes_back_as_it_was(around: type[torch.no_grad]) -> None:
    module = seeded(Functional()).train()
    module.get_parameter("first.weight").requires_grad_(False)
    before = fingerprint(module)
    with around():
        capture(module, photos(), ["relu#1", "relu#2"])
    assert fingerprint(module) == before


class Explodes(Functional):
    """Fails after every layer."""

    def forward(self, photos: Tensor) -> Tensor:
        super().forward(photos)
        raise RuntimeError("boom")


def test_no_hook_survives_an_exception() -> None:
    module = Explodes()
    before = fingerprint(module)
    with pytest.raises(RuntimeError, match="boom"):
        capture(module, photos(), ["relu#1"])
    assert fingerprint(module) == before


def test_a_batch_norm_in_training_mode_is_refused_and_untouched() -> None:
    module = chain().train()
    before = fingerprint(module)
    with pytest.raises(NetworkError, match="training mode"):
        capture(module, photos(), ["2"])
    assert fingerprint(module) == before


def test_values_that_are_not_numbers_are_refused() -> None:
    with pytest.raises(NetworkError, match="not numbers"):
        capture(ByHand(), torch.full((1, 3, 2, 2), float("inf")), ["relu"])


def test_a_layer_that_the_class_does_not_depend_on_has_no_gradient() -> None:
    module = seeded(chain())
    with torch.no_grad():
        module.get_parameter("7.weight").zero_()
    assert not capture(module, photos(), ["2"]).gradients["2"].any()


@pytest.mark.parametrize("name", FAMILIES)
def test_all_layers_of_every_family_at_once(name: str) -> None:
    module, both = family(name), photos_for(name, 2)
    layers = [layer.name for layer in find_layers(module, both[:1])]
    before = fingerprint(module)
    captured = capture(module, both, layers, [0, 3])
    assert fingerprint(module) == before
    chosen = layers[:: 4 * STEPS.get(name, 1)]
    with replaying(module, both[1], chosen) as replay:
        for layer in chosen:
            maps = replay.maps(layer).clone().requires_grad_()
            torch.testing.assert_close(captured.activations[layer][1:], maps.detach())
            (slope,) = torch.autograd.grad(
                replay.run(layer, maps)[0, 3], maps, allow_unused=True, materialize_grads=True
            )
            scale = slope.abs().max().clamp(min=1e-9)
            torch.testing.assert_close(captured.gradients[layer][1:] / scale, slope / scale)
    silent = [layer for layer in layers if not captured.gradients[layer].any()]
    assert not silent or (name == "vit" and all("layer_2" in one or one == "encoder" for one in silent))


class Overwriting(nn.Module):
    """Ignores what an in-place activation returns, and writes on the maps of a layer by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, photos: Tensor) -> tuple[Tensor, Tensor]:
        maps = self.first(photos)
        maps *= 2
        self.relu(maps)
        return photos, maps.sum((2, 3))


@pytest.mark.parametrize("layers", [["first"], ["relu"], ["first", "relu"]])
def test_maps_that_are_overwritten(layers: list[str]) -> None:
    module = seeded(Overwriting())
    with torch.no_grad():
        first = module.get_submodule("first")(photos())
    for _ in range(2):
        captured = capture(module, photos(), layers, [2, 2, 2], class_count=4)
        active = (first[:, 2] > 0).float()
        assert captured.logits.shape == (3, 4)
        for layer in layers:
            expected = first if layer == "first" else (2 * first).relu()
            torch.testing.assert_close(captured.activations[layer], expected)
            slope = captured.gradients[layer]
            assert torch.equal(slope[:, 2], 2 * active if layer == "first" else torch.ones_like(active))
            assert not slope[:, [0, 1, 3]].any()


def test_the_photos_stay_as_they_are() -> None:
    given = torch.randn(1, 3, 4, 4)
    before = given.clone()
    capture(ByHand(), given, ["relu"])
    assert torch.equal(given, before)
    assert not given.requires_grad


def test_a_layer_without_maps_is_refused() -> None:
    module = seeded(chain())
    before = fingerprint(module)
    with pytest.raises(NetworkError, match="7 gives no feature maps"):
        capture(module, photos(), ["2", "7"])
    assert fingerprint(module) == before


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_comes_back_after_an_exception(name: str) -> None:
    module, photo = family(name), photos_for(name)
    layers = [layer.name for layer in find_layers(module, photo)]
    before = fingerprint(module)
    with pytest.raises((IndexError, RuntimeError)):  # in the middle, between forward and backward
        capture(module, photo, layers, [CLASSES])
    with pytest.raises(NetworkError, match="not numbers"):
        capture(module, photo * float("nan"), layers[:1], [0])
    assert fingerprint(module) == before


class Steep(nn.Module):
    """Its first layer gives more than numbers can hold, which the second hides."""

    def __init__(self) -> None:
        super().__init__()
        self.steep = Exponential()
        self.bound = nn.Hardtanh(0, 6)

    def forward(self, photos: Tensor) -> Tensor:
        logits: Tensor = self.bound(self.steep(photos)).mean((2, 3))
        return logits


class Exponential(nn.Module):
    def forward(self, photos: Tensor) -> Tensor:
        return torch.exp(1000 * photos)


def test_maps_that_are_not_finite_are_refused_though_the_logits_are() -> None:
    assert torch.isfinite(Steep()(photos())).all()
    with pytest.raises(NetworkError, match="not numbers"):
        capture(Steep(), photos(), ["steep"])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_logits_are_single_precision_whatever_the_network_works_in(dtype: torch.dtype) -> None:
    module = seeded(chain()).to(dtype)
    assert capture(module, photos().to(dtype), ["2"]).logits.dtype == torch.float32
    with torch.autocast("cpu", torch.bfloat16):
        assert capture(seeded(chain()), photos(), ["2"]).logits.dtype == torch.float32


class Guarded(Functional):
    """Runs its first convolution in a context of its own."""

    def __init__(self, context: Callable[[], AbstractContextManager[object]]) -> None:
        super().__init__()
        self.context = context

    def forward(self, photos: Tensor) -> Tensor:
        with self.context():
            maps = self.first(photos)
        logits: Tensor = self.head(self.relu(self.second(maps.clone())).mean(dim=(2, 3)))
        return logits


@pytest.mark.parametrize("context", [torch.no_grad, torch.inference_mode])
def test_a_layer_without_gradients_is_refused_and_later_ones_work(
    context: Callable[[], AbstractContextManager[object]],
) -> None:
    module = seeded(Guarded(context))
    assert [layer.name for layer in find_layers(module, photos(1))] == ["first", "second", "relu"]
    with pytest.raises(NetworkError, match=r"runs first without gradients\. Choose a later layer"):
        capture(module, photos(), ["first", "second"])
    assert capture(module, photos(), ["second"]).gradients["second"].abs().sum() > 0


class Checkpointed(Functional):
    def forward(self, photos: Tensor) -> Tensor:
        logits: Tensor = checkpoint(super().forward, photos, use_reentrant=False)
        return logits


def test_checkpointing_is_refused_plainly() -> None:
    with pytest.raises(NetworkError, match="checkpointing"):
        capture(seeded(Checkpointed()), photos(), ["relu#1"])
