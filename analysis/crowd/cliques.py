"""Players who agree with each other, and with nobody else, far more often than chance has it."""

from dataclasses import dataclass

import numpy as np

from analysis.crowd.crowd import Crowd, distinct, expanded, shares
from analysis.crowd.records import Codes, Flags, Numbers, Signal

LARGEST = 8
FEWEST_PLACES = 3
LEAST_SHARE = 0.25
SIGNIFICANT, NEAR = 1e-3, 0.2
LIMIT = 0.3


@dataclass(frozen=True, slots=True)
class _Meetings:
    """Who said which word where, each once: sorted by cell, then player."""

    cells: Codes
    players: Codes
    places: Codes
    languages: Codes
    sizes: Codes
    """How many players the row's cell has."""


def clique_signals(crowd: Crowd) -> dict[int, Signal]:
    """Words that only 2 to 8 players said at a photograph, though others were there, are *theirs alone*.

    Of the n photographs where two of the P players both were, e have such a word of both. With q the rate
    over all pairs who speak their language (the fewer they are, the more words only few of them say), the two
    are bound to each other where e >= 3, e / n >= 0.25, and for

        t = P(X >= e),   X ~ Binomial(n, q)

    either t < 0.001 / (P (P - 1) / 2) (Bonferroni over all pairs) or, where both are bound to a third player
    too, t < 0.2 / P: by chance fewer than one triangle of such pairs is found in seven hundred studies.
    Cliques are the connected components of bound pairs. A member's value is the share of the member's labels
    that have a word which nobody outside the clique said there and another member did; found from 0.3, which
    suffices alone.
    """
    meetings = _meetings(crowd)
    one, other = _bound(crowd, meetings)
    signals: dict[int, Signal] = {}
    cliques = _components(crowd.size, one, other)
    share = _exclusive_share(crowd, meetings, cliques)
    sizes = np.bincount(cliques)
    for player in np.unique(np.concatenate([one, other])).tolist():
        size = int(sizes[cliques[player]])
        evidence = f"{share[player]:.0%} of the labels have words that, at the same photographs, only "
        evidence += f"{size} players say who meet again and again: this player and {size - 1} more."
        signals[player] = Signal(float(share[player]), LIMIT, 2 if share[player] >= LIMIT else 0, evidence)
    return signals


def _meetings(crowd: Crowd) -> _Meetings:
    cells = crowd.cells
    said = distinct(cells, crowd.occurrence_players).first
    sizes = np.bincount(cells[said], minlength=cells.max(initial=-1) + 1)
    return _Meetings(
        cells=cells[said],
        players=crowd.occurrence_players[said],
        places=crowd.places[crowd.labels][said],
        languages=crowd.languages[crowd.labels][said],
        sizes=sizes[cells[said]],
    )


def _bound(crowd: Crowd, meetings: _Meetings) -> tuple[Codes, Codes]:
    """Pairs of players that are bound to each other, the smaller code first."""
    from scipy.stats import binom

    one, other, place, language = _pairs_alone(meetings)
    events = distinct(one, other, place).first
    one, other, language = one[events], other[events], language[events]
    pairs = distinct(one, other)
    enough = pairs.times >= FEWEST_PLACES
    first, often = pairs.first[enough], pairs.times[enough]
    together, met = _together(crowd, meetings, one[first], other[first])
    rate = shares(np.bincount(language, minlength=len(met)), met)[language[first]]
    tail: Numbers = np.asarray(binom.sf(often - 1, together, rate))
    near = (tail * crowd.size < NEAR) & (shares(often, together) >= LEAST_SHARE)
    one, other, tail = one[first[near]], other[first[near]], tail[near]
    sure = tail * crowd.size * (crowd.size - 1) / 2 < SIGNIFICANT
    bound = sure | _in_triangle(crowd.size, one, other)
    return one[bound], other[bound]


def _in_triangle(size: int, one: Codes, other: Codes) -> Flags:
    """Whether both players of each pair are in pairs with a third."""
    from scipy.sparse import csr_array

    ones = np.ones(2 * len(one), np.int64)
    ends = (np.concatenate([one, other]), np.concatenate([other, one]))
    graph = csr_array((ones, ends), shape=(size, size))
    shared: Codes = np.asarray(graph[one].multiply(graph[other]).sum(axis=1))
    return shared > 0


def _pairs_alone(meetings: _Meetings) -> tuple[Codes, Codes, Codes, Codes]:
    """Both players, the place and the language of every word that is theirs alone."""
    there = distinct(meetings.places, meetings.players).first
    visitors = np.bincount(meetings.places[there], minlength=meetings.places.max(initial=-1) + 1)
    few = (meetings.sizes >= 2) & (meetings.sizes <= LARGEST)
    rows = np.flatnonzero(few & (visitors[meetings.places] > meetings.sizes))
    ends = np.searchsorted(meetings.cells, meetings.cells[rows], side="right")
    after = ends - rows - 1
    own = np.repeat(rows, after)
    partner = expanded(rows + 1, after)
    return meetings.players[own], meetings.players[partner], meetings.places[own], meetings.languages[own]


def _together(crowd: Crowd, meetings: _Meetings, one: Codes, other: Codes) -> tuple[Codes, Codes]:
    """At how many places both players of each pair were, and the sum of that over all pairs, by language."""
    from scipy.sparse import csr_array

    there = distinct(meetings.places, meetings.players).first
    players, places = meetings.players[there], meetings.places[there]
    visitors = np.bincount(places)
    shape = (crowd.size, len(visitors))
    was = csr_array((np.ones(len(there), np.int64), (players, places)), shape=shape)
    both = np.asarray(was[one].multiply(was[other]).sum(axis=1)).astype(np.int64)
    language = np.zeros(len(visitors), np.int64)
    language[meetings.places] = meetings.languages
    met = np.bincount(language, weights=visitors * (visitors - 1) // 2)
    return both, met.astype(np.int64)


def _components(size: int, one: Codes, other: Codes) -> Codes:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    graph = csr_array((np.ones(len(one), np.int8), (one, other)), shape=(size, size))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _exclusive_share(crowd: Crowd, meetings: _Meetings, cliques: Codes) -> Numbers:
    """(P,) the share of labels with a word that several of the player's clique said there and nobody else."""
    lowest = np.full(crowd.cells.max(initial=-1) + 1, np.iinfo(np.int64).max)
    highest = np.full_like(lowest, -1)
    np.minimum.at(lowest, meetings.cells, cliques[meetings.players])
    np.maximum.at(highest, meetings.cells, cliques[meetings.players])
    sizes = np.bincount(meetings.cells, minlength=len(lowest))
    closed: Flags = (lowest == highest) & (sizes >= 2)
    labels = np.bincount(crowd.labels, weights=closed[crowd.cells], minlength=len(crowd.places)) > 0
    own = np.bincount(crowd.label_players[labels], minlength=crowd.size)
    return shares(own, np.bincount(crowd.label_players, minlength=crowd.size))
