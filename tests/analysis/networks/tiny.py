"""Networks of a few weights, whose every number can be computed by hand."""

import torch
from torch import Tensor, nn

from analysis.networks.devices import find_device
from analysis.networks.network import Network, build_network
from analysis.networks.preprocessing import Preprocessing

SIDE = 16
CROP = Preprocessing(SIDE, SIDE, "bilinear", mean=(0.5, 0.5, 0.5), std=(0.25, 0.25, 0.25))
NAMES = ("ant", "bee", "cat")


class Functional(nn.Module):
    """Two convolutions with functional activations, and a shared in-place one that is called twice."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 12, 3, stride=2, padding=1)
        self.second = nn.Conv2d(12, 16, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)
        self.head = nn.Linear(16, len(NAMES))

    def forward(self, photos: Tensor) -> Tensor:
        maps = self.relu(self.second(self.relu(self.first(photos))))
        logits: Tensor = self.head(maps.mean(dim=(2, 3)))
        return logits


def chain() -> nn.Sequential:
    """A plain chain with batch norm and in-place activations."""
    return nn.Sequential(
        nn.Conv2d(3, 12, 3, stride=2, padding=1),
        nn.BatchNorm2d(12),
        nn.ReLU(inplace=True),
        nn.Conv2d(12, 16, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(16, len(NAMES)),
    )


def seeded(module: nn.Module, seed: int = 0) -> nn.Module:
    """The same random weights on every machine."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.6)
    return module.eval()


def tiny_network(module: nn.Module | None = None, name: str = "tiny") -> Network:
    """A seeded tiny network, by default `chain()`."""
    return build_network(name, seeded(module or chain()), CROP, NAMES, find_device("cpu"))


def installed() -> tuple[nn.Module, Preprocessing, tuple[str, ...]]:
    """A factory as an installed package would have one."""
    return seeded(chain()), CROP, NAMES


def failing() -> tuple[nn.Module, Preprocessing, tuple[str, ...]]:
    """A factory that fails."""
    raise RuntimeError("no licence")


def incomplete() -> nn.Module:
    """A factory that forgets the preprocessing and the names."""
    return chain()
