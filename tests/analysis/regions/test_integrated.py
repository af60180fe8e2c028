"""Contributions along a path: they add up to what the whole layer does."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from analysis.networks.errors import NetworkError
from analysis.networks.network import Network
from analysis.networks.replay import replaying
from analysis.regions import explain, path
from analysis.regions.path import path_gradient
from analysis.regions.settings import RegionSettings
from analysis.regions.weights import contributions
from tests.analysis.networks.tiny import Functional, chain, seeded, tiny_network
from tests.analysis.regions.photos import assert_same, demo, noise

INTEGRATED = RegionSettings(preset="integrated", effects=False)


def hooked(module: nn.Module, layer: str, change: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """The network with one layer's output changed by an ordinary forward hook."""

    def run(photo: Tensor) -> Tensor:
        part = module.get_submodule(layer)
        handle = part.register_forward_hook(lambda _part, _given, output: change(output))
        try:
            with torch.no_grad():
                logits: Tensor = module(photo[None])[0]
        finally:
            handle.remove()
        return logits

    return run


def output_of(module: nn.Module, layer: str, photo: Tensor) -> Tensor:
    seen: list[Tensor] = []

    def keep(output: Tensor) -> Tensor:
        seen.append(output.clone())
        return output

    hooked(module, layer, keep)(photo)
    return seen[0][0]


def drop_and_sum(module: nn.Module, layer: str, photo: Tensor, class_index: int) -> tuple[float, float]:
    """F(1) - F(0) by forward hooks, and the sum of the contributions."""
    high = hooked(module, layer, lambda output: output)(photo)[class_index]
    low = hooked(module, layer, lambda output: output * 0)(photo)[class_index]
    activation = output_of(module, layer, photo)
    with replaying(module, photo, [layer]) as replay:
        gradient = path_gradient(replay, layer, activation, class_index, 4)
    return (high - low).item(), float(contributions(activation * gradient).sum())


def assert_complete(drop: float, total: float) -> None:
    assert abs(total - drop) <= 0.0101 * max(abs(drop), 0.1)  # the drop itself has its last bits


@pytest.mark.parametrize("layer", ["0", "1", "2", "3", "4"])
@pytest.mark.parametrize("class_index", [0, 2])
def test_contributions_of_a_tiny_network_are_complete(layer: str, class_index: int) -> None:
    module, photo = seeded(chain()), tiny_network().preprocessing.tensor(noise(1))
    drop, total = drop_and_sum(module, layer, photo, class_index)
    assert abs(drop) > 0.01
    assert_complete(drop, total)


@pytest.mark.parametrize("layer", ["_blocks.13", "_blocks.15"])
def test_contributions_of_the_real_network_are_complete(lite: Network, layer: str) -> None:
    photo = lite.preprocessing.tensor(demo("panda"))
    drop, total = drop_and_sum(lite.module, layer, photo, 388)
    assert drop > 1
    assert_complete(drop, total)


def test_regions_have_these_contributions() -> None:
    network = tiny_network(Functional())
    photo = network.preprocessing.tensor(noise(0))
    found = explain(network, noise(0), INTEGRATED, class_index=0)
    for layer, name in zip(found.layers, network.default_layers, strict=True):
        with replaying(network.module, photo, [name]) as replay:
            activation = replay.maps(name)[0]
            gradient = path_gradient(replay, name, activation, 0, 16)
        amounts = contributions(activation * gradient)
        assert layer.opposing == pytest.approx(-amounts.clip(max=0).sum() / abs(amounts).sum(), abs=1e-6)


class Quadratic(nn.Module):
    """y = mean(a)^2 of one map, and -mean(a)^2."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Identity()

    def forward(self, photos: Tensor) -> Tensor:
        means = self.maps(photos)[:, 0].mean(dim=(1, 2))
        return torch.stack([means**2, -(means**2)], dim=1)


def test_the_path_by_hand() -> None:
    # dy/dA = 2 mean(s A) / n, whose mean over s is mean(A) / n: midpoints are exact for straight lines.
    photo = torch.full((3, 2, 2), 3.0)
    with replaying(Quadratic(), photo, ["maps"]) as replay:
        gradient = path_gradient(replay, "maps", photo, 0, 3)
    torch.testing.assert_close(gradient[0], torch.full((2, 2), 3 / 4))
    assert not gradient[1:].any()


def test_behind_a_layer_that_the_rest_is_linear_in_it_is_gradient_times_activation() -> None:
    network = tiny_network()
    last = RegionSettings(layers=("4",), effects=False)
    integrated = RegionSettings(preset="integrated", layers=("4",), effects=False)
    for seed in range(3):
        assert_same(explain(network, noise(seed), integrated), explain(network, noise(seed), last), 1e-6)


def test_it_says_so_where_the_steps_do_not_suffice(monkeypatch: pytest.MonkeyPatch) -> None:
    network = tiny_network()
    monkeypatch.setattr(path, "TOLERANCE", 1e-9)
    monkeypatch.setattr(path, "MOST_STEPS", 16)
    with pytest.raises(NetworkError, match=r"even with 16 steps\. Use the preset faithful"):
        explain(network, noise(0), RegionSettings(preset="integrated", layers=("1",)))


@pytest.mark.parametrize("batch", [1, 3, 64])
def test_how_many_rows_run_at_once_does_not_matter(batch: int) -> None:
    network = tiny_network()
    settings = RegionSettings(preset="integrated", effect_batch=batch)
    usual = RegionSettings(preset="integrated")
    assert_same(explain(network, noise(0), settings), explain(network, noise(0), usual))


class Unused(nn.Module):
    """One layer that the logits do not depend on."""

    def __init__(self) -> None:
        super().__init__()
        self.aside = nn.Conv2d(3, 4, 3)
        self.main = nn.Conv2d(3, 8, 3)
        self.head = nn.Linear(8, 3)

    def forward(self, photos: Tensor) -> Tensor:
        self.aside(photos)
        logits: Tensor = self.head(self.main(photos).relu().mean(dim=(2, 3)))
        return logits


def test_a_layer_that_the_logit_does_not_depend_on_has_no_evidence() -> None:
    settings = RegionSettings(preset="integrated", layers=("aside", "main"))
    aside, main = explain(tiny_network(Unused()), noise(0), settings).layers
    assert (aside.discarded, aside.regions) == (1, ())
    assert main.regions
