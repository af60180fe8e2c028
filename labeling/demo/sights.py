"""What there is to see in the demo's photographs, where, and what people call it."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "it")

KINDS: Mapping[str, tuple[float, float, float]] = {
    "colour": (1.0, 0.3, 0.05),
    "texture": (0.6, 1.0, 0.4),
    "scene": (0.4, 0.5, 0.4),
    "part": (0.1, 0.6, 1.2),
    "object": (0.02, 0.1, 0.5),
}
"""How much a shallow, a middle and a deep layer make people think of each kind of thing."""

PEAK = 0.08
"""Share of a map's values that say where it is."""

REACH, REACH_OF_OBJECTS = 0.15, 0.3
"""How far from a region's centre, in sides of the crop, people still say what is there."""


@dataclass(frozen=True, slots=True, eq=False)  # each is there once
class Concept:
    """A thing to see, and by language what people call it, the most usual first."""

    key: str
    kind: str
    phrases: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sight:
    """A concept at its place in a photograph: x and y are shares of the crop's sides, from the top left."""

    concept: Concept
    x: float
    y: float


@lru_cache(maxsize=1)
def concepts() -> Mapping[str, Concept]:
    """By key, from words.csv."""
    return {
        row["concept"]: Concept(
            row["concept"], row["kind"], {code: tuple(row[code].split(";")) for code in LANGUAGES}
        )
        for row in _rows("words.csv")
    }


@lru_cache(maxsize=1)
def sights() -> Mapping[str, tuple[Sight, ...]]:
    """By the photograph's file name, from places.csv."""
    return {row["file"]: tuple(map(_sight, row["places"].split(";"))) for row in _rows("places.csv")}


def centre(region_map: NDArray[np.float32]) -> tuple[float, float]:
    """Where a region looks: x and y, 0..1, the mean place of the largest values of its map, (h, w), as many
    as the first looks of a round show."""
    height, width = region_map.shape
    first = np.argsort(-region_map, axis=None, kind="stable")[: max(1, round(PEAK * region_map.size))]
    rows, columns = np.divmod(first, width)
    return float((columns + 0.5).mean() / width), float((rows + 0.5).mean() / height)


def fitness(sight: Sight, depth: float, place: tuple[float, float]) -> float:
    """How likely a region brings a sight to mind: its kind fits the layer, and its place the region's.

    Args:
        depth: of the layer, 0 (shallow) to 1 (deep).
        place: see `centre`.
    """
    shallow, middle, deep = KINDS[sight.concept.kind]
    kind = float(np.interp(depth, [0, 0.5, 1], [shallow, middle, deep]))
    reach = REACH_OF_OBJECTS if sight.concept.kind == "object" else REACH
    distance = ((sight.x - place[0]) ** 2 + (sight.y - place[1]) ** 2) / reach**2
    return kind * exp(-distance / 2)


def _sight(text: str) -> Sight:
    key, x, y = text.split()
    return Sight(concepts()[key], float(x), float(y))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)
