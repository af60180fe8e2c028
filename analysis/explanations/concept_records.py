"""What a concept test says, in memory and as JSON."""

from dataclasses import dataclass
from typing import Literal, TypedDict

Verdict = Literal["confirmed for", "confirmed against", "not confirmed", "too few examples"]
"""Whether a class uses what a label names: the words are those of the JSON record."""


@dataclass(frozen=True, slots=True)
class ConceptResult:
    """What the test of one label in one layer found; numbers are None where there were too few examples.

    Attributes:
        group, name, layer: the label's group by number and name, and the layer.
        verdict: confirmed only where `corrected_p` and `accuracy_p` are both at most the level.
        score: the TCAV score, mean over the random sets: share of the class's images whose logit rises in the
            label's direction, 0..1.
        low, high: the middle 95 % of the scores against single random sets.
        random_score: mean score of random concepts, 0..1.
        sensitivity: mean slope of the logit in the label's direction, above that of random concepts in
            standard deviations of theirs; negative against the class. 0 where all random ones are the same.
        p: two-sided, of a random concept with a slope so far from the others', (0, 1].
        corrected_p: the same after correction over all tests that were made together, (0, 1].
        accuracy: balanced, of telling the label's regions from others on images held out, 0..1, chance 0.5.
        accuracy_p: of a random concept that can be told so well, (0, 1].
        examples: regions that carry the label.
        images: distinct images that these lie in.
        class_images: images of the class, over which the score is a share.
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
    class_images: int
    sets: int


class ConceptRecord(TypedDict):
    """One `ConceptResult` as plain JSON types; what is kept of a class is a list of these."""

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
    class_images: int
    sets: int


def concept_record(result: ConceptResult) -> ConceptRecord:
    """Keys in the same order every time, so that equal results give equal JSON."""
    return {
        "group": result.group,
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
        "class_images": result.class_images,
        "sets": result.sets,
    }
