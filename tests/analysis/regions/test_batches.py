"""What happens where memory runs out."""

import gc
from weakref import ReferenceType, ref

import pytest
import torch
from torch import Tensor, nn

from analysis.networks.errors import NetworkError
from analysis.networks.memory import ran_out_of_memory
from analysis.networks.network import Network
from analysis.regions import batches, explain, explain_batch
from analysis.regions.batches import largest_fitting
from analysis.regions.settings import RegionSettings
from tests.analysis.networks.tiny import chain, tiny_network
from tests.analysis.regions.photos import assert_same, noise


class Small(nn.Module):
    """A network for a device of little memory: it says so above so many rows."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = chain()
        self.most = 1000
        self.error: BaseException = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
        self.sizes: list[int] = []

    def forward(self, photos: Tensor) -> Tensor:
        self.sizes.append(len(photos))
        if len(photos) > self.most:
            raise self.error
        logits: Tensor = self.inner(photos)
        return logits


def small(most: int, error: BaseException | None = None) -> tuple[Network, Small]:
    module = Small()
    network = tiny_network(module)
    module.most, module.sizes = most, []
    if error is not None:
        module.error = error
    return network, module


PHOTOS = [noise(seed) for seed in range(7)]
ONLY_REGIONS = RegionSettings(effects=False)


def test_a_batch_that_does_not_fit_is_halved_and_that_is_remembered() -> None:
    network, module = small(2)
    found = explain_batch(network, PHOTOS, ONLY_REGIONS)
    assert module.sizes == [7, 4, 2, 2, 2, 1]  # eight are allowed, four are half of that
    module.sizes.clear()
    again = explain_batch(network, PHOTOS, ONLY_REGIONS)
    assert module.sizes == [2, 2, 2, 1]
    for photo, one, other in zip(PHOTOS, found, again, strict=True):
        assert_same(one, other, 0)
        assert_same(one, explain(network, photo, ONLY_REGIONS))


def test_one_network_does_not_speak_for_another() -> None:
    explain_batch(small(2)[0], PHOTOS, ONLY_REGIONS)
    network, module = small(1000)
    explain_batch(network, PHOTOS, ONLY_REGIONS)
    assert module.sizes == [7]


def test_rows_of_effects_are_halved_and_remembered_by_themselves() -> None:
    network, module = small(3)
    found = explain(network, PHOTOS[0], RegionSettings(effect_batch=16))
    assert max(module.sizes) > 3
    module.sizes.clear()
    again = explain(network, PHOTOS[0], RegionSettings(effect_batch=16))
    assert max(module.sizes) == 2
    assert_same(found, again, 0)
    module.most = 1000
    assert_same(found, explain(network, PHOTOS[0], RegionSettings(effect_batch=1)))


@pytest.mark.parametrize("settings", [ONLY_REGIONS, RegionSettings(preset="paper", effects=False)])
def test_one_photo_that_does_not_fit_is_said_plainly(settings: RegionSettings) -> None:
    network, _ = small(0)
    with pytest.raises(NetworkError, match=r"too small even for one photo\. Use another device"):
        explain_batch(network, PHOTOS, settings)


def test_paths_are_halved_too() -> None:
    network, module = small(4)
    settings = RegionSettings(preset="integrated", effects=False, effect_batch=8)
    found = explain(network, PHOTOS[0], settings)
    assert max(module.sizes) == 8
    module.most = 1000
    assert_same(found, explain(network, PHOTOS[0], settings))


@pytest.mark.parametrize(
    "error", [RuntimeError("mat1 and mat2 shapes cannot be multiplied"), IndexError("boom"), KeyError("k")]
)
def test_other_errors_pass_through_untouched(error: BaseException) -> None:
    network, module = small(0, error)
    with pytest.raises(type(error)) as raised:
        explain_batch(network, PHOTOS, ONLY_REGIONS)
    assert raised.value is error
    assert module.sizes == [7]


@pytest.mark.parametrize(
    ("error", "memory"),
    [
        (torch.OutOfMemoryError("x"), True),
        (MemoryError(), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"), True),
        (
            RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory"),
            True,
        ),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 4 bytes."), True),
        (RuntimeError("Expected all tensors to be on the same device"), False),
    ],
)
def test_what_running_out_of_memory_looks_like(error: RuntimeError | MemoryError, memory: bool) -> None:
    assert ran_out_of_memory(error) == memory


def test_what_an_attempt_that_did_not_fit_held_is_let_go_before_the_next() -> None:
    seen: list[ReferenceType[Tensor]] = []

    def work(size: int) -> int:
        assert all(held() is None for held in seen)
        held = torch.zeros(3)
        seen.append(ref(held))
        if size > 1:
            raise torch.OutOfMemoryError(f"no room for {len(held)}")
        return size

    assert largest_fitting(nn.ReLU(), "photos", 8, work) == 1
    assert len(seen) == 4


def test_what_fitted_is_forgotten_with_its_network() -> None:
    gc.collect()
    before = len(batches._FITTING)
    network, _ = small(2)
    explain_batch(network, PHOTOS, ONLY_REGIONS)
    assert len(batches._FITTING) == before + 1
    del network, _
    gc.collect()
    assert len(batches._FITTING) == before
