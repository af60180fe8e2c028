"""What a concept test is made from, and what it says."""

from dataclasses import dataclass
from typing import Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

Verdict = Literal["confirmed for", "confirmed against", "not confirmed", "too few examples"]
"""Whether a class uses what a label names: the words are those of the JSON record."""


@dataclass(frozen=True, slots=True, eq=False)
class ConceptEvidence:
    """What is known about one label of one class in one layer.

    Attributes:
        group: number of the label's group.
        name: of the group.
        layer: name of the layer.
        examples: pooled activations of the regions that carry the label, (n, K) float.
        images: the image of each example, (n,) int.
        others: of regions of the same layer that do not carry it, (m, K); best of images of the same class,
            or else the test finds what tells the classes apart instead of what the label names.
        other_images: the image of each of these, (m,) int, numbered as `images` are.
        gradients: of the class's logit, one row for each image of the class, (N, K); see `pooled_gradients`.

    Raises:
        ValueError: shapes that do not fit each other, or numbers that are not finite.
    """

    group: int
    name: str
    layer: str
    examples: NDArray[np.floating]
    images: NDArray[np.integer]
    others: NDArray[np.floating]
    other_images: NDArray[np.integer]
    gradients: NDArray[np.floating]

    def __post_init__(self) -> None:
        tables = (self.examples, self.others, self.gradients)
        if any(table.ndim != 2 for table in tables) or len({table.shape[1] for table in tables}) != 1:
            raise ValueError("examples, others and gradients must be tables of as many columns")
        if self.images.shape != self.examples.shape[:1] or self.other_images.shape != self.others.shape[:1]:
            raise ValueError("each example and each other region needs one image")
        if not all(np.isfinite(table).all() for table in tables):
            raise ValueError(f"activations or gradients of {self.layer} are not finite")


@dataclass(frozen=True, slots=True)
class ConceptResult:
    """What the test of one label in one layer found; numbers are None where there were too few examples.

    Attributes:
        group, name, layer: as in the evidence.
        verdict: confirmed only where `corrected_p` and `accuracy_p` are both at most the level.
        score: the TCAV score, mean over the random sets: share of the class's images whose logit rises in the
            concept's direction, 0..1.
        low, high: the middle 95 % of the scores against single random sets.
        random_score: mean score of random concepts, 0..1.
        sensitivity: mean slope of the logit in the concept's direction, in standard deviations of that of
            random concepts; negative against the class.
        p: two-sided, of a random concept with so large a slope, (0, 1].
        corrected_p: the same after correction over all tests that were made together, (0, 1].
        accuracy: balanced, of telling the label's regions from others on images held out, 0..1, chance 0.5.
        accuracy_p: of a random concept that can be told so well, (0, 1].
        examples: regions that carry the label.
        images: distinct images that these lie in.
        sets: random sets that the score was taken against.
    """

    group: int
    name: str
    layer: str
    verdict: Verdict
    score: float | None
    low: float | None
    high: float | None
    random_score: float | None
    sensitivity: float | None
    p: float | None
    corrected_p: float | None
    accuracy: float | None
    accuracy_p: float | None
    examples: int
    images: int
    sets: int


class ConceptRecord(TypedDict):
    """One `ConceptResult` as plain JSON types."""

    group: int
    name: str
    layer: str
    verdict: Verdict
    score: float | None
    low: float | None
    high: float | None
    random_score: float | None
    sensitivity: float | None
    p: float | None
    corrected_p: float | None
    accuracy: float | None
    accuracy_p: float | None
    examples: int
    images: int
    sets: int


def concept_record(result: ConceptResult) -> ConceptRecord:
    """Keys in the same order every time, so that equal results give equal JSON."""
    return {
        "group": int(result.group),
        "name": result.name,
        "layer": result.layer,
        "verdict": result.verdict,
        "score": result.score,
        "low": result.low,
        "high": result.high,
        "random_score": result.random_score,
        "sensitivity": result.sensitivity,
        "p": result.p,
        "corrected_p": result.corrected_p,
        "accuracy": result.accuracy,
        "accuracy_p": result.accuracy_p,
        "examples": result.examples,
        "images": result.images,
        "sets": result.sets,
    }
