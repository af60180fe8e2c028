"""A module that comes back exactly as it was, and serves one thread at a time."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock, RLock
from weakref import WeakKeyDictionary

from torch import nn
from torch.nn.modules.batchnorm import _NormBase

from analysis.networks.errors import NetworkError

# Whose turn it is with each network.
_TURNS: WeakKeyDictionary[nn.Module, AbstractContextManager[object]] = WeakKeyDictionary()
_FINDING = Lock()


@contextmanager
def frozen(module: nn.Module) -> Iterator[None]:
    """Evaluation mode and no gradient to any parameter, both as before afterwards, errors included.

    Everything that looks into a network does it in here, and other threads wait for their turn meanwhile.

    Raises:
        NetworkError: a batch or instance norm in training mode. It would normalise an image by the others
            of its batch and change its own statistics, so nobody can mean it here.
    """
    with _turn(module), _as_it_was(module):
        yield


def _turn(module: nn.Module) -> AbstractContextManager[object]:
    with _FINDING:
        return _TURNS.setdefault(module, RLock())


@contextmanager
def _as_it_was(module: nn.Module) -> Iterator[None]:
    modes = {part: part.training for part in module.modules()}
    training = [part for part, mode in modes.items() if mode]
    if any(isinstance(part, _NormBase) for part in training):
        raise NetworkError("A batch norm is in training mode. Call eval() on the network first.")
    learning = [parameter for parameter in module.parameters() if parameter.requires_grad]
    try:
        if training:
            module.eval()
        for parameter in learning:
            parameter.requires_grad_(False)
        yield
    finally:
        if training:
            for part, mode in modes.items():
                part.training = mode
        for parameter in learning:
            parameter.requires_grad_(True)
