"""How far players agree about regions, in layers, and in a whole study."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.labels.records import LabelEntry
from analysis.labels.reliability import (
    CONFIDENCE,
    DRAWS,
    Rating,
    Reliability,
    Table,
    alpha,
    interval,
    said_in_units,
)
from analysis.labels.set_similarity import Similarity, jaccard

FEWEST_FOR_INTERVAL = 3
"""Two coders are one pair, which says nothing about how it varies."""


@dataclass(frozen=True, slots=True)
class Reliabilities:
    """Of a study, of each layer that has labels, and of each region that has any."""

    study: Reliability
    layers: Mapping[str, Reliability]
    regions: Mapping[int, Reliability]


def reliabilities(
    entries: Iterable[LabelEntry],
    group_of: Callable[[LabelEntry], int | None],
    layer_of: Mapping[int, str],
    *,
    similarity: Similarity = jaccard,
    draws: int = DRAWS,
    confidence: float = CONFIDENCE,
    seed: int = 0,
) -> Reliabilities:
    r"""Krippendorff's alpha with regions as units, players as coders, and as value the groups each named.

    There is no alpha of one unit. A region u gets its own observed disagreement against what is expected in
    its layer, or in the study where the layer has no second region to tell or nothing is expected:

    .. math:: \alpha_u = 1 - D_o(u) / D_e, \quad D_o(u) = \frac{1}{m (m - 1)} \sum_{i \neq j \in u} d_{ij}

    so that a layer's alpha is about the mean of its regions'. Its interval comes from `draws` resamples of
    its players (a pair of a player with themselves does not count), None for fewer than three of them; from
    three to five people it is a rough one.

    Trust plays no part: whoever is heard at all is heard as much as others.

    Args:
        group_of: the meaning of an entry, a number that holds in the whole study (groups of two classes have
            different ones unless they mean the same); None leaves the entry out.
        layer_of: name of the layer of each region.
        similarity, draws, confidence, seed: see `alpha`.
    """
    ratings = [
        Rating(entry.region, entry.player, frozenset([group]))
        for entry in entries
        if (group := group_of(entry)) is not None
    ]
    by_layer: defaultdict[str, list[Rating]] = defaultdict(list)
    for rating in ratings:
        by_layer[layer_of[rating.unit]].append(rating)

    def over_units(some: Iterable[Rating]) -> Reliability:
        return alpha(some, similarity, draws=draws, confidence=confidence, seed=seed)

    expected = _expected(ratings, by_layer, similarity)
    weights = _Weights(draws, seed)
    said = said_in_units(ratings)
    nobody = Reliability(None, None, None, units=0, coders=0, pairs=0)
    return Reliabilities(
        study=over_units(ratings),
        layers={layer: over_units(by_layer[layer]) for layer in sorted(by_layer)},
        regions={
            unit: _of_region(
                list(said[unit].values()), expected[layer_of[unit]], similarity, weights, confidence
            )
            if unit in said
            else nobody
            for unit in sorted({rating.unit for rating in ratings})
        },
    )


def _expected(
    ratings: Sequence[Rating], by_layer: Mapping[str, Sequence[Rating]], similarity: Similarity
) -> dict[str, float | None]:
    """D_e for the regions of each layer."""
    whole = _chance(Table.of(said_in_units(ratings), similarity))
    tables = {layer: Table.of(said_in_units(own), similarity) for layer, own in by_layer.items()}
    return {
        layer: (_chance(table) if len(table.said) > 1 else None) or whole for layer, table in tables.items()
    }


def _chance(table: Table) -> float | None:
    """D_e; None where nothing differs."""
    return float(table.expected(np.ones((1, len(table.said))))[0]) or None


class _Weights:
    """How often each of m coders is drawn: (draws, m) float64, the same for every region of m coders."""

    def __init__(self, draws: int, seed: int) -> None:
        self._draws, self._seed = draws, seed
        self._kept: dict[int, NDArray[np.float64]] = {}

    def __call__(self, coders: int) -> NDArray[np.float64]:
        if coders not in self._kept:
            dice = np.random.default_rng([self._seed, coders])
            drawn = dice.multinomial(coders, np.full(coders, 1 / coders), self._draws)
            self._kept[coders] = drawn.astype(np.float64)
        return self._kept[coders]


def _of_region(
    sets: Sequence[frozenset[int]],
    expected: float | None,
    similarity: Similarity,
    weights: _Weights,
    confidence: float,
) -> Reliability:
    coders = len(sets)
    pairs = coders * (coders - 1) // 2
    if expected is None:
        return Reliability(None, None, None, 1, coders, pairs)
    distances = np.array([[1 - _alike(one, other, similarity) for other in sets] for one in sets])
    found = 1 - distances.sum() / (2 * pairs) / expected
    if coders < FEWEST_FOR_INTERVAL:
        return Reliability(float(found), None, None, 1, coders, pairs)
    times = weights(coders)
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = np.einsum("di,ij,dj->d", times, distances, times, optimize=True) / (
            coders**2 - (times**2).sum(axis=1)
        )
    low, high = interval(1 - drawn / expected, confidence)
    return Reliability(float(found), low, high, 1, coders, pairs)


def _alike(one: frozenset[int], other: frozenset[int], similarity: Similarity) -> float:
    shared = len(one & other)
    return similarity(len(one), len(other), shared) if shared else 0.0
