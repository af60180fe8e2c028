"""What a study may tune about labels."""

from dataclasses import dataclass

from analysis.labels.scoring import LAST_LEVEL

WIDEST_DISTANCE = 2.0
"""Largest cosine distance there is: opposite vectors."""


@dataclass(frozen=True, slots=True)
class LabelSettings:
    """Grouping and scoring of the labels of one class.

    Args:
        max_distance: two labels farther apart (cosine distance, 0..2) never share a group before naming.
        same_distance: labels whose group is no wider than this always share it, so that a class with one
            meaning gets one group, which a silhouette cannot judge.
        level_discount: share of the score lost for each reveal level that was needed, 0..1/5.
        wrong_guess_divisor: what the score is divided by when no author guessed the class, at least 1.
        examples: how many raw texts a label shows.
        weighted: whether a label counts in the silhouette as often as it was given, or once.
        trusted: whether a player counts for as much as the game trusts them; else for one.

    Mean adjusted Rand index on six scopes of 60 phrases each (Buchanan et al. 2019, doi
    10.3758/s13428-019-01243-z; silver groups by one annotator), packaged MiniLM; the best cut of each tree,
    known only afterwards, gives 0.719:

    | max_distance                    | 0.30  | 0.40  | 0.45      | 0.50  | 0.55  | 0.60  | 2 (no guard) |
    |---------------------------------|-------|-------|-----------|-------|-------|-------|--------------|
    | silhouette weighted by counts   | 0.606 | 0.649 | **0.662** | 0.661 | 0.614 | 0.613 | 0.554        |
    | silhouette of distinct labels   | 0.626 | 0.631 | 0.649     | 0.623 | 0.633 | 0.614 | 0.604        |
    | no silhouette, cut at the guard | 0.623 | 0.649 | 0.638     | 0.621 | 0.592 | 0.575 | 0.000        |

    same_distance from 0 to 0.35 changes nothing in the first row where max_distance is at least 0.40.
    """

    max_distance: float = 0.45
    same_distance: float = 0.2
    level_discount: float = 0.1
    wrong_guess_divisor: float = 4.0
    examples: int = 3
    trusted: bool = True
    weighted: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.same_distance <= self.max_distance <= WIDEST_DISTANCE:
            raise ValueError("distances must satisfy 0 <= same_distance <= max_distance <= 2")
        if not 0 <= self.level_discount <= 1 / LAST_LEVEL:
            raise ValueError(f"level_discount must be 0..{1 / LAST_LEVEL}, or a score could be negative")
        if not self.wrong_guess_divisor >= 1:
            raise ValueError("wrong_guess_divisor must be at least 1")
        if self.examples < 0:
            raise ValueError("examples must not be negative")


PRESETS = {
    "glimpse": LabelSettings(),
    "paper": LabelSettings(max_distance=WIDEST_DISTANCE, same_distance=0, trusted=False, weighted=False),
}
"""By name: `glimpse` is the default, `paper` the recipe of arXiv 2405.03301, with simplemma's lemmas."""
