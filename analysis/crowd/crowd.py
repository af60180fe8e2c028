"""The columns of a study's work, coded for counting: who said which word where."""

from dataclasses import dataclass

import numpy as np

from analysis.crowd.records import Codes, Numbers, Work
from analysis.crowd.words import Vocabulary


@dataclass(frozen=True, slots=True)
class Crowd:
    """P players, A answers, L labels and O occurrences (one for each word of each label), all codes from 0.

    A *place* is a photograph in one language: players of another language cannot agree in words. A *cell* is
    one word at one place.
    """

    ids: Codes
    """(P,) the players' ids, ascending."""
    players: Codes
    """(A,)"""
    label_players: Codes
    """(L,)"""
    places: Codes
    """(L,)"""
    languages: Codes
    """(L,)"""
    labels: Codes
    """(O,) the label of each occurrence."""
    words: Codes
    """(O,) index into the vocabulary."""
    cells: Codes
    """(O,)"""

    @property
    def size(self) -> int:
        return len(self.ids)

    @property
    def occurrence_players(self) -> Codes:
        return self.label_players[self.labels]


def gathered(work: Work, vocabulary: Vocabulary) -> Crowd:
    ids, players = np.unique(work.players, return_inverse=True)
    labels, words = _occurrences(work.texts, vocabulary)
    places = coded(work.photos[work.answers], work.languages)
    return Crowd(
        ids=ids,
        players=players.astype(np.int64),
        label_players=players[work.answers].astype(np.int64),
        places=places,
        languages=coded(work.languages),
        labels=labels,
        words=words,
        cells=distinct(places[labels], words).at,
    )


@dataclass(frozen=True, slots=True)
class Distinct:
    """The distinct rows of some columns, in lexicographic order."""

    first: Codes
    """(D,) where each stands first."""
    at: Codes
    """(N,) which of them each row is."""
    times: Codes
    """(D,) how many rows are it."""


def distinct(*columns: Codes) -> Distinct:
    """Of columns (N,) of codes from 0. One number a row is sorted: NumPy's own sort of rows is far slower."""
    packed = columns[0]
    for column in columns[1:]:
        packed = packed * (column.max(initial=0) + 1) + column
    _, first, at, times = np.unique(packed, return_index=True, return_inverse=True, return_counts=True)
    return Distinct(first, at, times)


def coded(*columns: Codes) -> Codes:
    """Codes from 0 of the rows of columns of any integers, such as ids."""
    return distinct(*(np.unique(column, return_inverse=True)[1].astype(np.int64) for column in columns)).at


def _occurrences(texts: Codes, vocabulary: Vocabulary) -> tuple[Codes, Codes]:
    counts = np.diff(vocabulary.starts)[texts]
    labels = np.repeat(np.arange(len(texts)), counts)
    return labels, vocabulary.words[expanded(vocabulary.starts[texts], counts)]


def expanded(starts: Codes, counts: Codes) -> Codes:
    """The positions start, start + 1, ... of `counts` entries each, one after the other."""
    ends = np.cumsum(counts)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    positions: Codes = np.repeat(starts, counts) + within
    return positions


def ranks(groups: Codes) -> Codes:
    """The position of each entry within its group; equal groups stand together."""
    firsts = np.flatnonzero(np.diff(groups, prepend=-1))
    lengths = np.diff(np.append(firsts, len(groups)))
    ranked: Codes = np.arange(len(groups)) - np.repeat(firsts, lengths)
    return ranked


def shares(hits: Codes | Numbers, of: Codes) -> Numbers:
    """hits / of, 0 where there is nothing to divide by."""
    return np.divide(hits, of, out=np.zeros(len(of)), where=of > 0)
