"""What goes into aggregation and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.labels.scoring import LAST_LEVEL


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """One label that one player gave to one region, in normal form and as it was typed.

    `trust` is how far the player is trusted, 0..1; `language` an ISO 639-1 code.
    """

    text: str
    raw: str
    player: int
    region: int
    level: int
    correct: bool
    trust: float = 1.0
    language: str = "en"

    def __post_init__(self) -> None:
        if not self.text:
            raise ValueError("an entry needs a normal form: leave out texts that normalise to nothing")
        if not 0 <= self.level <= LAST_LEVEL:
            raise ValueError(f"level must be 0..{LAST_LEVEL}, not {self.level}")
        if not 0 <= self.trust <= 1:
            raise ValueError(f"trust must be 0..1, not {self.trust}")


@dataclass(frozen=True, slots=True)
class LabelGroup:
    """Labels of one meaning. A member's count is the number of (player, region) pairs that gave it; `number`
    lasts from one regrouping to the next, see `identities`."""

    name: str
    members: tuple[tuple[str, int], ...]
    number: int = 0


@dataclass(frozen=True, slots=True)
class RegionLabel:
    """What a region was called.

    Attributes:
        group: the number of its group.
        score: see `label_score`.
        examples: raw texts, the ones that most players typed first.
        mean_level: of the reveal levels at which its players gave it, weighted as in the score, 0..5.
        correct: how many of its players guessed the class.
        trust: sum of the trust in its players, 0..players.
    """

    region: int
    group: int
    name: str
    score: float
    player_ids: frozenset[int]
    examples: tuple[str, ...]
    mean_level: float = 0.0
    correct: int = 0
    trust: float = 0.0

    @property
    def players(self) -> int:
        """Number of distinct players who gave the label to the region."""
        return len(self.player_ids)


@dataclass(frozen=True, slots=True)
class Aggregation:
    """Groups by descending size, then name; for every region its labels by descending score, then name."""

    groups: tuple[LabelGroup, ...]
    regions: Mapping[int, tuple[RegionLabel, ...]]
