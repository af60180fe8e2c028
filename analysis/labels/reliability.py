"""Krippendorff's alpha of who meant the same, with how sure that is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analysis.labels.set_similarity import Similarity, jaccard, subset_weight

if TYPE_CHECKING:
    Sparse = csr_array[np.float64, tuple[int, int]]

DRAWS = 1000
CONFIDENCE = 0.95
MOST_GROUPS = 8
"""A set of g groups has 2^g subsets, which are counted."""
NOTHING = 1e-12
"""Share of n^2 below which a sum of disagreements over pairs is rounding."""
_AT_ONCE = 5_000_000
"""Numbers held while drawing."""


@dataclass(frozen=True, slots=True)
class Rating:
    """The meanings, as numbers of groups, that a coder (player) named in a unit (region): one to eight."""

    unit: int
    coder: int
    groups: frozenset[int]

    def __post_init__(self) -> None:
        if not self.groups:
            raise ValueError("a rating names at least one group: leave out who said nothing")


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far people agree beyond chance: 1 always, 0 as chance, below 0 less than chance.

    Attributes:
        alpha: None where it is undefined: nobody shares a unit, or everybody says the same everywhere.
        low, high: interval of it; None where there is none.
        units: how many at least two coders rated; nothing else counts.
        coders: how many rated one of these.
        pairs: of coders at a unit, over all units.
    """

    alpha: float | None
    low: float | None
    high: float | None
    units: int
    coders: int
    pairs: int


def alpha(
    ratings: Iterable[Rating],
    similarity: Similarity = jaccard,
    *,
    draws: int = DRAWS,
    confidence: float = CONFIDENCE,
    seed: int = 0,
) -> Reliability:
    r"""Agreement beyond chance of the sets that coders gave to the same units.

    .. math:: \alpha = 1 - D_o / D_e, \quad
              D_o = \frac{1}{n} \sum_u \frac{1}{m_u - 1} \sum_{i \neq j \in u} d_{ij}, \quad
              D_e = \frac{1}{n (n - 1)} \sum_{i \neq j} d_{ij}

    over the n sets of units with m_u >= 2 coders, d = 1 - similarity. With sets of one group each it is the
    alpha of nominal data. The distance is Jaccard's unless told otherwise: how many labels a player gives is
    free, and MASI takes saying less for disagreement once more.

    The interval holds the middle share `confidence` of alpha over `draws` resamples of units with replacement
    (those in which it is undefined are left out); None for a single unit.

    Args:
        ratings: any number, in any order; several of a coder in a unit are one, their union.

    Raises:
        ValueError: if a coder names more than `MOST_GROUPS` groups in a unit, or a parameter is out of range.

    Source: Krippendorff 2011, Computing Krippendorff's alpha-reliability; sets as values: Passonneau 2006.

    >>> both = [Rating(unit, coder, frozenset([unit])) for unit in (1, 2) for coder in (1, 2)]
    >>> alpha(both).alpha
    1.0
    """
    if draws < 0 or not 0 < confidence < 1:
        raise ValueError("draws must not be negative, and confidence between 0 and 1")
    table = Table.of(said_in_units(ratings), similarity)
    low, high = interval(_resampled(table, draws, np.random.default_rng(seed)), confidence)
    return Reliability(table.alpha(), low, high, *table.size())


def said_in_units(ratings: Iterable[Rating]) -> dict[int, dict[int, frozenset[int]]]:
    """By unit what each coder named there, all sorted; units of a single coder left out."""
    found: defaultdict[int, dict[int, frozenset[int]]] = defaultdict(dict)
    for rating in ratings:
        own = found[rating.unit]
        own[rating.coder] = own.get(rating.coder, frozenset()) | rating.groups
    return {unit: dict(sorted(found[unit].items())) for unit in sorted(found) if len(found[unit]) > 1}


def interval(values: NDArray[np.float64], confidence: float) -> tuple[float | None, float | None]:
    """Percentiles of the values that are numbers, with `confidence` between them; None without any."""
    defined = values[~np.isnan(values)]
    if not defined.size:
        return None, None
    low, high = np.quantile(defined, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


class Table(NamedTuple):
    """Units as counts of subsets. `features @ form @ features.T` sums similarities over pairs of sets.

    Attributes:
        said: see `said_in_units`.
        coders: m_u, (units,) float64.
        features: how often each subset is in a set of each size, (units, F) sparse.
        form: weights of pairs of features, (F, F) sparse, symmetric.
        disagreement: the sum over i != j in u of d_ij / (m_u - 1), (units,) float64.
    """

    said: Mapping[int, Mapping[int, frozenset[int]]]
    coders: NDArray[np.float64]
    features: "Sparse"
    form: "Sparse"
    disagreement: NDArray[np.float64]

    @classmethod
    def of(cls, said: Mapping[int, Mapping[int, frozenset[int]]], similarity: Similarity) -> "Table":
        coders = np.array([len(own) for own in said.values()], dtype=np.float64)
        features, columns = _features(list(said.values()))
        form = _form(columns, similarity)
        alike: NDArray[np.float64] = np.asarray((features @ form).multiply(features).sum(axis=1)).ravel()
        unlike = np.maximum(coders**2 - alike, 0)
        unlike[unlike < NOTHING * coders**2] = 0
        return cls(said, coders, features, form, unlike / (coders - 1))

    def size(self) -> tuple[int, int, int]:
        """Units, coders, pairs."""
        coders = {coder for own in self.said.values() for coder in own}
        return len(self.said), len(coders), int((self.coders * (self.coders - 1)).sum()) // 2

    def alpha(self) -> float | None:
        found = float(self.alphas(np.ones((1, len(self.coders))))[0])
        return None if np.isnan(found) else found

    def alphas(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Alpha where each unit is there so many times, (draws, units) -> (draws,); NaN where undefined."""
        observed = times @ self.disagreement / np.maximum(times @ self.coders, 1)
        expected = self.expected(times)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(expected > 0, 1 - observed / expected, np.nan)

    def expected(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """D_e where each unit is there so many times, (draws, units) -> (draws,); 0 where nothing differs.

        Two copies of a unit are the same people, who have not met by chance: pairs across copies are left
        out, or every resample would expect less disagreement than there is, few units much less.
        """
        counts: NDArray[np.float64] = np.asarray(self.features.T @ times.T)
        alike: NDArray[np.float64] = np.einsum("fd,fd->d", counts, np.asarray(self.form @ counts))
        n, copies = times @ self.coders, times * (times - 1)
        unlike = n**2 - alike - copies @ (self.disagreement * (self.coders - 1))
        pairs = n**2 - n - copies @ self.coders**2
        return np.where(unlike > NOTHING * n**2, unlike / np.maximum(pairs, 1), 0)


def _resampled(table: Table, draws: int, dice: np.random.Generator) -> NDArray[np.float64]:
    units = len(table.coders)
    if units < 2:
        return np.empty(0)
    at_once = max(1, _AT_ONCE // max(units, table.form.shape[0]))
    parts = [
        table.alphas(
            dice.multinomial(units, np.full(units, 1 / units), min(at_once, draws - first)).astype(np.float64)
        )
        for first in range(0, draws, at_once)
    ]
    return np.concatenate(parts) if parts else np.empty(0)


Column = tuple[tuple[int, ...], int]
"""A subset, and the size of the sets that it is in."""


def _features(units: Sequence[Mapping[int, frozenset[int]]]) -> "tuple[Sparse, list[Column]]":
    column_of: dict[Column, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    for row, own in enumerate(units):
        for groups in own.values():
            if len(groups) > MOST_GROUPS:
                raise ValueError(f"a coder names at most {MOST_GROUPS} groups in a unit, not {len(groups)}")
            named = sorted(groups)
            for size in range(1, len(named) + 1):
                for subset in combinations(named, size):
                    rows.append(row)
                    columns.append(column_of.setdefault((subset, len(named)), len(column_of)))
    shape = (len(units), len(column_of))
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=shape), list(column_of)


def _form(columns: Sequence[Column], similarity: Similarity) -> "Sparse":
    together: defaultdict[tuple[int, ...], list[tuple[int, int]]] = defaultdict(list)
    for index, (subset, size) in enumerate(columns):
        together[subset].append((index, size))
    cells = [
        (first, second, subset_weight(similarity, a, b, len(subset)))
        for subset, places in together.items()
        for (first, a), (second, b) in product(places, repeat=2)
    ]
    rows, others, weights = zip(*cells, strict=True) if cells else ((), (), ())
    shape = (len(columns), len(columns))
    return csr_array((np.array(weights, dtype=np.float64), (rows, others)), shape=shape)
