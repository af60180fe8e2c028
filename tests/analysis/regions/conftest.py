"""One real network for all tests of regions, and one thread for whatever does not choose otherwise."""

from collections.abc import Iterator

import pytest
import torch

from analysis.networks import load_network
from analysis.networks.network import Network


@pytest.fixture(scope="session")
def lite() -> Network:
    return load_network("efficientnet_lite0")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(1)
