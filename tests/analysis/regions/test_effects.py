"""What regions really do."""

import pytest
import torch
from torch import Tensor, nn

from analysis.regions.capture import capture
from analysis.regions.effects import measure_effects
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
    effects = measure_effects(Product(), "maps", photo, photo, 0, [(0,), (2,), (0, 1), (0, 1, 2), ()], 2)
    assert effects == pytest.approx([6, 5, 6, 11, 0])


@pytest.mark.parametrize("batch", [1, 3, 16])
def test_a_tail_gives_what_the_whole_network_gives(batch: int) -> None:
    regions = [(0, 3), (5,), (1, 2, 11)]
    module = seeded(chain())
    activation = capture(module, PHOTO[None], ["2"]).activations["2"][0]
    effects = measure_effects(module, "2", PHOTO, activation, 1, regions, batch)
    wrapped = nn.ModuleDict({"inner": module})
    wrapped.forward = lambda photos: module(photos)
    assert effects == pytest.approx(
        measure_effects(wrapped, "inner.2", PHOTO, activation, 1, regions, batch), abs=1e-6
    )
    assert max(map(abs, effects)) > 1e-2


def test_only_the_named_call_of_a_shared_module_is_zeroed() -> None:
    module = seeded(Functional())
    captured = capture(module, PHOTO[None], ["relu#1", "relu#2"], [0])
    with torch.no_grad():
        maps = captured.activations["relu#2"].clone()
        maps[:, 4] = 0
        expected = captured.logits[0, 0] - module.get_submodule("head")(maps.mean((2, 3)))[0, 0]
    activation = captured.activations["relu#2"][0]
    effects = measure_effects(module, "relu#2", PHOTO, activation, 0, [(4,)], 4)
    assert effects == pytest.approx([expected.item()], abs=1e-6)


def test_the_network_comes_back_as_it_was() -> None:
    module = seeded(Functional()).train()
    activation = capture(module, PHOTO[None], ["relu#1"]).activations["relu#1"][0]
    with pytest.raises(IndexError):
        measure_effects(module, "relu#1", PHOTO, activation, 99, [(0,)], 4)
    assert module.training
    assert all(parameter.requires_grad for parameter in module.parameters())
    assert not any(part._forward_hooks for part in module.modules())
