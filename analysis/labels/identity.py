"""Numbers of groups that last from one regrouping to the next, so that links and points survive."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

_FEW = 4_000_000  # entries of a dense matrix of weights

Member = tuple[str, int]
"""A text, and how often it was given."""


def identities(
    groups: Sequence[Collection[Member]], known: Mapping[int, Collection[Member]], used: int = 0
) -> list[int]:
    r"""Number new groups so that as much weight as possible keeps its number.

    .. math:: \max_{\pi} \sum_g s_{g, \pi(g)}, \quad s_{gk} = \sum_{t \in g \cap k} \min(c_g(t), c_k(t))

    over all one-to-one pairings of groups with known ones that share anything. So a group keeps its number
    when it gains members, counts grow or its name changes; of a split group the largest part keeps it; merged
    groups keep the number of the heaviest.

    Args:
        groups: new groups, each a collection of (text, count), counts at least 1. Their order decides only
            which fresh number a group without a known one gets; how members are ordered decides nothing.
        known: groups of the last regrouping by number.
        used: the highest number ever given, so that one of a group long gone is never given again.

    Returns:
        A distinct number for each group; fresh ones start above `used` and every known number.

    Raises:
        ValueError: when a group, or a known one, has a text twice.

    The optimum is SciPy's, for each connected part of the pairs that share texts.
    """
    given = [_counts(members) for members in groups]
    had = {number: _counts(known[number]) for number in sorted(known)}
    kept: dict[int, int] = {}
    for part in _parts(_shared(given, had)):
        kept.update(_assigned(part, given))
    fresh = max([used, *known], default=used)
    numbers = []
    for place in range(len(groups)):
        fresh += place not in kept
        numbers.append(kept.get(place, fresh))
    return numbers


Pairs = dict[tuple[int, int], int]
"""(place of a group, known number) -> weight that they share, at least 1."""


def _counts(members: Collection[Member]) -> dict[str, int]:
    counts = dict(members)
    if len(counts) != len(members):
        raise ValueError("a group must not have a text twice")
    return counts


def _shared(given: Sequence[Mapping[str, int]], had: Mapping[int, Mapping[str, int]]) -> Pairs:
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, counts in had.items():
        for text in counts:
            holders[text].append(number)
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    for place, counts in enumerate(given):
        for text, count in counts.items():
            for number in holders.get(text, ()):
                shared[place, number] += min(count, had[number][text])
    return shared


def _parts(shared: Pairs) -> Iterator[Pairs]:
    """Pairs that have a group or a number in common, directly or through others."""
    if not shared:
        return
    places, numbers = (np.unique(side, return_inverse=True)[1] for side in np.array(list(shared)).T)
    n = int(places.max()) + 1
    size = n + int(numbers.max()) + 1
    links = coo_array((np.ones(len(places)), (places, n + numbers)), shape=(size, size))
    part = connected_components(links, directed=False)[1][places]
    parts: defaultdict[int, Pairs] = defaultdict(dict)
    for index, pair in zip(part.tolist(), shared, strict=True):
        parts[index][pair] = shared[pair]
    yield from parts.values()


def _assigned(part: Pairs, given: Sequence[Mapping[str, int]]) -> dict[int, int]:
    """Equal sums are settled by the groups' texts and the numbers, not by the order of groups."""
    places = sorted({place for place, _ in part}, key=lambda place: sorted(given[place].items()))
    numbers = sorted({number for _, number in part})
    rows, columns = ({one: at for at, one in enumerate(side)} for side in (places, numbers))
    edges = [(rows[place], columns[number], weight) for (place, number), weight in part.items()]
    optimum = _of_few if len(places) * len(numbers) <= _FEW else _of_many
    pairs = optimum(np.array(edges), len(places), len(numbers))
    return {places[row]: numbers[column] for row, column in pairs}


def _of_few(edges: NDArray[np.int64], rows: int, columns: int) -> list[tuple[int, int]]:
    weights = np.zeros((rows, columns), dtype=np.int64)
    weights[edges[:, 0], edges[:, 1]] = edges[:, 2]
    row, column = linear_sum_assignment(weights, maximize=True)
    kept = weights[row, column] > 0
    return list(zip(row[kept].tolist(), column[kept].tolist(), strict=True))


def _of_many(edges: NDArray[np.int64], rows: int, columns: int) -> list[tuple[int, int]]:
    """Every row may go without a column, by one of its own that is worth nothing; 1 is added to all weights,
    since a sparse matrix knows no edge of 0."""
    alone = np.arange(rows)
    row, column = np.r_[edges[:, 0], alone], np.r_[edges[:, 1], columns + alone]
    worth = np.r_[edges[:, 2] + 1, np.ones(rows, dtype=np.int64)]
    ordered = csr_array((worth.astype(np.float64), (row, column)), shape=(rows, columns + rows))
    row, column = min_weight_full_bipartite_matching(ordered, maximize=True)
    kept = column < columns
    return list(zip(row[kept].tolist(), column[kept].tolist(), strict=True))
