"""How concepts are tested."""

from dataclasses import dataclass

FEWEST_SETS = 30


@dataclass(frozen=True, slots=True)
class ConceptSettings:
    """Validated when made; the same settings and evidence give the same results.

    Attributes:
        sets: random sets that a label's TCAV score is taken against, at least 30.
        randoms: random concepts that a label is compared with, at most; at least 499.
        enough: no more random concepts are drawn once so many lie as far out as the label, at least 10.
        examples: fewest regions that carry a label, and fewest that do not.
        images: fewest images that its regions lie in, and fewest of the class; at least 2.
        folds: parts of the images that are held out in turn to measure accuracy, at least 2.
        level: of significance after correction, and of the accuracy.
        seed: of all draws.

    Raises:
        ValueError: out of range.
    """

    sets: int = 50
    randoms: int = 4999
    enough: int = 50
    examples: int = 8
    images: int = 4
    folds: int = 5
    level: float = 0.05
    seed: int = 0

    def __post_init__(self) -> None:
        if self.sets < FEWEST_SETS:
            raise ValueError(f"take at least {FEWEST_SETS} random sets, not {self.sets}")
        if self.randoms < 499 or self.enough < 10:
            raise ValueError("compare with at least 499 random concepts, and stop after at least 10")
        if self.examples < 2 or self.images < 2 or self.folds < 2:
            raise ValueError("there must be at least two examples, two images and two folds")
        if not 0 < self.level < 1:
            raise ValueError("the level must lie between 0 and 1")
        if self.seed < 0:
            raise ValueError("the seed must not be negative")
