"""What the modules of a network are to each other: blocks, and the containers that hold them."""

from torch import nn


def is_block(module: nn.Module) -> bool:
    """Whether a module is a block of a convolutional network or of a transformer.

    The first have convolutions among their parts (a convolution with its own padding is none), the others at
    least two linear layers and a layer norm.
    """
    if isinstance(module, nn.Conv2d):
        return False
    parts = list(module.modules())[1:]
    linear = sum(isinstance(part, nn.Linear) for part in parts)
    return has_convolution(module) or (linear > 1 and any(isinstance(part, nn.LayerNorm) for part in parts))


def has_convolution(module: nn.Module) -> bool:
    """Whether a module is a convolution or has one inside."""
    return any(isinstance(part, nn.Conv2d) for part in module.modules())


def is_container(module: nn.Module) -> bool:
    """Whether a module only holds others, and gives nothing that they do not give."""
    return isinstance(module, nn.Sequential) or type(module) in (nn.ModuleList, nn.ModuleDict)
