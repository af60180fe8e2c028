"""A module that comes back exactly as it was."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn
from torch.nn.modules.batchnorm import _NormBase

from analysis.networks.errors import NetworkError


@contextmanager
def frozen(module: nn.Module) -> Iterator[None]:
    """Evaluation mode and no gradient to any parameter, both as before afterwards, errors included.

    Raises:
        NetworkError: a batch or instance norm in training mode. It would normalise an image by the others
            of its batch and change its own statistics, so nobody can mean it here.
    """
    modes = {part: part.training for part in module.modules()}
    for part, training in modes.items():
        if training and isinstance(part, _NormBase):
            raise NetworkError("A batch norm is in training mode. Call eval() on the network first.")
    flags = {parameter: parameter.requires_grad for parameter in module.parameters()}
    try:
        module.eval().requires_grad_(False)
        yield
    finally:
        for part, training in modes.items():
            part.training = training
        for parameter, flag in flags.items():
            parameter.requires_grad_(flag)
