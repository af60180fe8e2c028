"""Agreement that does not hang on the same few partners."""

import numpy as np

from analysis.crowd.crowd import Crowd, distinct, expanded, ranks
from analysis.crowd.records import Codes, Flags

PARTNERS = 4
"""A clique of five leaves each of its members this many partners."""


def confirmed(crowd: Crowd, credible: Flags) -> Flags:
    """(L,) whether any other credible player said one of the label's words at the same place."""
    players = crowd.occurrence_players
    said = distinct(crowd.cells, players)
    cell, player = crowd.cells[said.first], players[said.first]
    speakers = np.bincount(cell[credible[player]], minlength=cell.max(initial=-1) + 1)
    by_others = speakers[cell] - credible[player] > 0
    return np.bincount(crowd.labels, weights=by_others[said.at], minlength=len(crowd.places)) > 0


def heard(crowd: Crowd, credible: Flags) -> Flags:
    """(L,) whether an independent player said one of the label's words at the same place.

    A credible player who said it is independent unless among the four with whom the label's player shares
    most words that no more than four credible others said there. So what only a clique confirms is not heard,
    while an honest player loses little: chance meetings spread over many partners.

    Args:
        credible: (P,) players whose word counts; a label needs nobody to be credible to be heard.
    """
    cells, players = crowd.cells, crowd.occurrence_players
    if not len(cells):
        return np.zeros(len(crowd.places), np.bool_)
    said = distinct(cells, players)
    cell, player = cells[said.first], players[said.first]
    believed = credible[player]
    speakers = np.bincount(cell[believed], minlength=cell.max() + 1)
    others = speakers[cell] - believed
    is_heard = others > PARTNERS
    few = np.flatnonzero((others > 0) & ~is_heard)
    is_heard[few] = _beyond_partners(cell, player, believed, speakers, few)
    return np.bincount(crowd.labels, weights=is_heard[said.at], minlength=len(crowd.places)) > 0


def _beyond_partners(cell: Codes, player: Codes, believed: Flags, speakers: Codes, few: Codes) -> Flags:
    """For the rows `few` of (cell, player), whether anybody who said it too is not a chief partner."""
    members = player[believed]  # sorted by cell, as the pairs are
    starts = np.concatenate([[0], np.cumsum(speakers)])
    counts = speakers[cell[few]]
    row = np.repeat(np.arange(len(few)), counts)
    other = members[expanded(starts[cell[few]], counts)]
    own = player[few][row]
    row, own, other = row[own != other], own[own != other], other[own != other]
    partners = chief_partners(own, other)
    return np.bincount(row[~partners], minlength=len(few)) > 0


def chief_partners(own: Codes, other: Codes) -> Flags:
    """For meetings of `own` with `other`, whether `other` is one of the four that `own` meets most."""
    if not len(own):
        return np.zeros(0, np.bool_)
    pairs = distinct(own, other)
    whose = own[pairs.first]
    order = np.lexsort((-pairs.times, whose))  # stable: of equals, the smaller code first
    is_chief = np.empty(len(whose), np.bool_)
    is_chief[order] = ranks(whose[order]) < PARTNERS
    return is_chief[pairs.at]


def listeners(crowd: Crowd, credible: Flags) -> Codes:
    """(L,) how many credible players other than the label's own said anything at its place."""
    first = distinct(crowd.places, crowd.label_players).first
    place, player = crowd.places[first], crowd.label_players[first]
    there = np.bincount(place[credible[player]], minlength=crowd.places.max(initial=-1) + 1)
    return there[crowd.places] - credible[crowd.label_players]
