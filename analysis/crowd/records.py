"""What goes into judging a crowd's work, and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

NOT_GOLD = -1


class Kind(StrEnum):
    """What a signal is about."""

    SPEED = "speed"
    REPETITION = "repetition"
    GIBBERISH = "gibberish"
    PROFANITY = "profanity"
    SPAM = "spam"
    AGREEMENT = "agreement"
    CLIQUE = "clique"


@dataclass(frozen=True, slots=True)
class Work:
    """All that players said in one study, as columns: A answers, L labels, T distinct texts.

    Ids may be any integers. `golds` is NOT_GOLD for an ordinary answer, else 1 where the player saw what is
    settled and 0 where not. `seconds` is nan where it is not known.
    """

    players: Codes
    """(A,) who answered."""
    regions: Codes
    """(A,) what was looked at."""
    photos: Codes
    """(A,) the photograph that the region is of."""
    seconds: Numbers
    """(A,) from the first sight to the answer."""
    golds: Codes
    """(A,)"""
    answers: Codes
    """(L,) the row of the answer that the label is part of."""
    texts: Codes
    """(L,) index into `typed` and `forms`."""
    languages: Codes
    """(L,)"""
    typed: tuple[str, ...]
    """(T,) texts as typed."""
    forms: tuple[str, ...]
    """(T,) their normal forms, none of them empty."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that speaks against a player, found or not.

    `weight` is 2 where it suffices for quarantine alone, 1 where it takes another one, 0 where nothing was
    found.
    """

    value: float
    limit: float
    weight: int
    evidence: str

    @property
    def found(self) -> bool:
        return self.weight > 0


@dataclass(frozen=True, slots=True)
class PlayerConduct:
    """What is known of one player. No signals where there are too few answers to tell anything."""

    player: int
    trust: float
    signals: Mapping[Kind, Signal]
    suspect: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """Of every player of a study, by id, and of single labels, whoever gave them, by row."""

    conducts: tuple[PlayerConduct, ...]
    labels: Mapping[int, tuple[Kind, ...]]
