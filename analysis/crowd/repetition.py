"""The same answer everywhere, whatever there is to see."""

from dataclasses import dataclass

import numpy as np

from analysis.crowd.crowd import Crowd, distinct, ranks, shares
from analysis.crowd.independence import listeners
from analysis.crowd.records import Codes, Flags, Numbers, Signal

FEWEST_LABELS = 5
FAVOURITES, LABELS_FOR_FAVOURITES = 3, 8
LIMIT = 0.8
MOST_SAID = 0.15


@dataclass(frozen=True, slots=True)
class _Favourites:
    """Of P players: labels, labels with a favourite word, and the (player, word) pairs themselves, ordered by
    player and commonest first."""

    labels: Codes
    covered: Codes
    players: Codes
    words: Codes


def repetition_signals(crowd: Crowd, names: tuple[str, ...]) -> dict[int, Signal]:
    """Of a player's n labels, c have one of the player's j commonest words in them: three, or one where
    there are fewer than eight labels.

        value = (c - j) / (n - j)

    is 0 where no word comes twice, and 1 where there is nothing else. It is found above the limit: 0.8, or
    half way from the study's median to 1 where everybody repeats much, as photographs of one kind make people
    do. And only where others do not see the same: of the players below the limit who said anything at these
    places, no more than 0.15 said the word, in the mean over places.
    """
    own = _favourites(crowd)
    judged = own.labels >= FEWEST_LABELS
    spread = np.bincount(own.players, minlength=crowd.size)
    values = shares(own.covered - spread, own.labels - spread)
    limit = max(LIMIT, (1 + float(np.median(values[judged]))) / 2) if judged.any() else LIMIT
    repeats = judged & (values >= limit)
    agreed = _agreed(crowd, own, repeats)
    ends = np.cumsum(spread)
    signals = {}
    for player in np.flatnonzero(judged).tolist():
        said = own.words[ends[player] - spread[player] : ends[player]]
        spoken = ", ".join(f"“{names[word]}”" for word in said.tolist())
        evidence = f"{own.covered[player]} of {own.labels[player]} labels say {spoken}"
        evidence += f"; so did {agreed[player]:.0%} of the others there." if repeats[player] else "."
        found = bool(repeats[player]) and agreed[player] <= MOST_SAID
        signals[player] = Signal(float(values[player]), limit, 2 if found else 0, evidence)
    return signals


def _favourites(crowd: Crowd) -> _Favourites:
    players = crowd.occurrence_players
    labels = np.bincount(crowd.label_players, minlength=crowd.size)
    pairs = distinct(players, crowd.words)
    whose = players[pairs.first]
    order = np.lexsort((-pairs.times, whose))
    most = np.where(labels >= LABELS_FOR_FAVOURITES, FAVOURITES, 1)
    chosen = order[ranks(whose[order]) < most[whose[order]]]
    is_chosen = np.zeros(len(whose), np.bool_)
    is_chosen[chosen] = True
    covered = np.unique(crowd.labels[is_chosen[pairs.at]])
    return _Favourites(
        labels=labels,
        covered=np.bincount(crowd.label_players[covered], minlength=crowd.size),
        players=whose[chosen],
        words=crowd.words[pairs.first[chosen]],
    )


def _agreed(crowd: Crowd, own: _Favourites, repeats: Flags) -> Numbers:
    """(P,) of the players at the same places who do not repeat, the share that said a repeated word too."""
    cells, players = crowd.cells, crowd.occurrence_players
    said = distinct(cells, players).first
    times = np.bincount(cells[said][~repeats[players[said]]], minlength=cells.max(initial=-1) + 1)[cells]
    others = listeners(crowd, ~repeats)[crowd.labels]
    width = crowd.words.max(initial=-1) + 1
    mine = repeats[players] & np.isin(players * width + crowd.words, own.players * width + own.words)
    hits = np.bincount(players[mine], weights=shares(times, others)[mine], minlength=crowd.size)
    return shares(hits, np.bincount(players[mine], minlength=crowd.size))
