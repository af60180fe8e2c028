"""How much fits into a device's memory at once, found by halving."""

from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

import torch
from torch import nn

from analysis.networks.errors import NetworkError
from analysis.networks.memory import ran_out_of_memory

T = TypeVar("T")

# The sizes that fitted, so that a network's next batch does not run out of memory first.
_FITTING: WeakKeyDictionary[nn.Module, dict[str, int]] = WeakKeyDictionary()


def largest_fitting(module: nn.Module, what: str, size: int, work: Callable[[int], T]) -> T:
    """Give `work` the largest batch size that memory allows: `size`, or halves of it.

    What once was too much for a module is not tried again, under the name `what`.

    Raises:
        NetworkError: not even one at a time fits.
    """
    fitting = _FITTING.setdefault(module, {})
    size = min(size, fitting.get(what, size))
    while True:
        try:
            return work(size)
        except (RuntimeError, MemoryError) as error:
            if not ran_out_of_memory(error):
                raise
        if size == 1:
            raise NetworkError(
                "The device's memory is too small even for one photo. Use another device, fewer layers or a "
                "smaller network."
            )
        size //= 2
        fitting[what] = size
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
