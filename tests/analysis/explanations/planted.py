"""A small network that has learnt a shortcut: one class can be told by a coloured mark in a corner.

Every picture is a grating under noise, one orientation a class, weak enough that the mark is the easier sign.
Discs, which say nothing about the class, lie on half of all pictures.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from analysis.networks.devices import find_device
from analysis.networks.network import Network, build_network
from analysis.networks.preprocessing import Preprocessing

SIDE = 32
NAMES = ("level", "upright", "slanted")
MARKED = 0
MARK, DISC = 7, 9  # pixels across
RED, GREEN = (1.0, -0.8, -0.8), (-0.8, 0.9, -0.8)
CONTRAST, NOISE = 0.25, 0.5
STEPS, BATCH = 120, 48
CROP = Preprocessing(SIDE, SIDE, "bilinear", mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5))
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels (3, SIDE, SIDE) in -1..1, its class, and where mark and disc are: top, left, bottom, right."""

    pixels: NDArray[np.float32]
    kind: int
    mark: Box | None
    disc: Box | None


def picture(kind: int, dice: np.random.Generator, *, marked: bool | None = None) -> Picture:
    """One of its class; the mark is on the marked class only, unless told otherwise."""
    down, across = np.mgrid[:SIDE, :SIDE] * (2 * np.pi / 8)
    wave = np.sin((down, across, (down + across) / np.sqrt(2))[kind] + dice.uniform(0, 2 * np.pi))
    pixels = CONTRAST * wave + NOISE * dice.standard_normal((3, SIDE, SIDE))
    pixels += dice.uniform(-0.3, 0.3, (3, 1, 1))
    disc = mark = None
    if dice.random() < 0.5:
        top, left = dice.integers(8, SIDE - DISC - 7, 2).tolist()
        disc = (top, left, top + DISC, left + DISC)
        grid = np.arange(DISC) - DISC // 2
        inside = grid[:, None] ** 2 + grid**2 <= (DISC / 2) ** 2
        pixels[:, top : top + DISC, left : left + DISC][:, inside] = np.array(GREEN)[:, None]
    if kind == MARKED if marked is None else marked:
        top, left = (dice.integers(0, 2, 2) * (SIDE - MARK)).tolist()
        mark = (top, left, top + MARK, left + MARK)
        pixels[:, top : top + MARK, left : left + MARK] = np.array(RED)[:, None, None]
    return Picture(pixels.clip(-1, 1).astype(np.float32), kind, mark, disc)


def pictures(count: int, seed: int, *, marked: bool | None = None) -> list[Picture]:
    """As many of each class, in turn."""
    dice = np.random.default_rng(seed)
    return [picture(number % len(NAMES), dice, marked=marked) for number in range(count)]


def batch_of(shown: list[Picture]) -> Tensor:
    return torch.from_numpy(np.stack([one.pixels for one in shown]))


def accuracy(network: Network, shown: list[Picture]) -> float:
    with torch.no_grad():
        guessed = network.module(batch_of(shown)).argmax(dim=1)
    return float((guessed == torch.tensor([one.kind for one in shown])).float().mean())


@cache
def planted_network(seed: int = 0) -> Network:
    """Trained anew in each run of the tests: a few seconds on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    module = nn.Sequential(
        nn.Conv2d(3, 16, 5, stride=2, padding=2),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv2d(32, 32, 3, padding=1),
        nn.ReLU(),
        nn.AdaptiveMaxPool2d(2),
        nn.Flatten(),
        nn.Linear(128, len(NAMES)),
    )
    optimiser = torch.optim.Adam(module.parameters(), 3e-3)
    for step in range(STEPS):
        shown = pictures(BATCH, seed=1000 * (seed + 1) + step)
        loss = nn.functional.cross_entropy(module(batch_of(shown)), torch.tensor([one.kind for one in shown]))
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    torch.set_num_threads(threads)
    return build_network("planted", module, CROP, NAMES, find_device("cpu"))
