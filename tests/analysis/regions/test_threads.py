"""Several threads that look into one network."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from torch import nn

from analysis.regions import explain
from analysis.regions.results import ImageRegions
from analysis.regions.settings import Preset, RegionSettings
from tests.analysis.networks.families import fingerprint
from tests.analysis.networks.tiny import Functional, chain, tiny_network
from tests.analysis.regions.photos import assert_same, noise


@pytest.mark.parametrize("preset", ["faithful", "integrated"])
@pytest.mark.parametrize("make", [chain, Functional])
def test_threads_take_turns_and_leave_nothing_attached(make: type[nn.Module], preset: Preset) -> None:
    network = tiny_network(make())
    settings = RegionSettings(preset=preset)
    alone = [explain(network, noise(seed), settings) for seed in range(12)]
    before = fingerprint(network.module)

    def work(seed: int) -> ImageRegions:
        return explain(network, noise(seed), settings)

    with ThreadPoolExecutor(3) as threads:
        together = list(threads.map(work, range(12)))
    for one, other in zip(alone, together, strict=True):
        assert_same(one, other, 0)
    assert fingerprint(network.module) == before
