"""Explaining many photos needs no more memory than explaining a few."""

import gc
import resource
from pathlib import Path

import pytest
import torch

from analysis.regions import explain
from analysis.regions.settings import Preset, RegionSettings
from tests.analysis.networks.tiny import tiny_network
from tests.analysis.regions.photos import noise

MEGABYTE = 2**20
STATM = Path("/proc/self/statm")
pytestmark = pytest.mark.skipif(not STATM.exists(), reason="only Linux tells how much is resident now")


def live_tensors() -> int:
    gc.collect()
    return sum(type(one) is torch.Tensor for one in gc.get_objects())


def resident() -> int:
    pages = int(STATM.read_text().split()[1])
    return pages * resource.getpagesize()


@pytest.mark.parametrize(
    ("preset", "stability", "times"), [("faithful", True, 40), ("integrated", False, 40)]
)
def test_nothing_is_left_over(preset: Preset, stability: bool, times: int) -> None:
    network, settings = tiny_network(), RegionSettings(preset=preset, stability=stability)

    def explain_some(count: int) -> None:
        for seed in range(count):
            explain(network, noise(seed), settings)

    explain_some(5)
    tensors, memory = live_tensors(), resident()
    explain_some(times)
    assert live_tensors() <= tensors
    assert resident() - memory < 8 * MEGABYTE


def test_hundreds_of_photos_need_no_more_memory_than_a_few() -> None:
    network, settings = tiny_network(), RegionSettings(effects=False)
    photo = noise(0)
    for _ in range(20):
        explain(network, photo, settings)
    tensors, memory = live_tensors(), resident()
    for _ in range(250):
        explain(network, photo, settings)
    assert live_tensors() <= tensors
    assert resident() - memory < 8 * MEGABYTE
