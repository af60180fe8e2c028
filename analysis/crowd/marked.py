"""Players who gave many labels of one bad sort."""

from collections.abc import Sequence

import numpy as np

from analysis.crowd.crowd import Crowd, shares
from analysis.crowd.records import Flags, Signal, Work

FEWEST_LABELS = 5
FEWEST_MARKED = 3
EXAMPLES = 3


def marked_signals(
    work: Work, crowd: Crowd, marked: Flags, *, limit: float, weight: int, what: str
) -> dict[int, Signal]:
    """The share of a player's labels that are marked (L,); found from the limit and from three labels on."""
    labels = np.bincount(crowd.label_players, minlength=crowd.size)
    bad = np.bincount(crowd.label_players[marked], minlength=crowd.size)
    share = shares(bad, labels)
    found = (share >= limit) & (bad >= FEWEST_MARKED)
    examples = _examples(work, crowd, marked)
    return {
        player: Signal(
            float(share[player]),
            limit,
            weight if found[player] else 0,
            f"{bad[player]} of {labels[player]} labels {what}{_quoted(examples.get(player, ()))}.",
        )
        for player in np.flatnonzero(labels >= FEWEST_LABELS).tolist()
    }


def _examples(work: Work, crowd: Crowd, marked: Flags) -> dict[int, list[str]]:
    """By player, the first few distinct texts that are marked."""
    found: dict[int, list[str]] = {}
    for label in np.flatnonzero(marked).tolist():
        own = found.setdefault(int(crowd.label_players[label]), [])
        text = work.typed[work.texts[label]]
        if len(own) < EXAMPLES and text not in own:
            own.append(text)
    return found


def _quoted(texts: Sequence[str]) -> str:
    return ": " + ", ".join(f"“{text}”" for text in texts) if texts else ""
