"""What the explanation of a class is made from, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.explanations.export import LocalRecord
from analysis.explanations.records import LocalExplanation, Sign

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of what the network sees."""
Reason = Literal["fewer than three layers", "fewer than two images"]
"""Why there is no trend."""
Basis = Literal["place", "words"]
"""What makes a label a possible shortcut: where its regions lie, or that people agree on nothing like it."""


@dataclass(frozen=True, slots=True, eq=False)
class ImageEvidence:
    """One image of the class.

    Attributes:
        image: its number, unique in the class.
        layers: names of those that it was computed for, any order; those of its explanation always count.
        explanation: of the image; where shortcuts are looked for by place, with maps. Labels that it cut off
            (`explain_locally` keeps three a region unless told otherwise) are missing here too.
        box: where the object is, None where that is not known.
        mask: (H, W) bool over what the network sees, True on the object; goes before the box.
        settled: words that a region's players agree on, by the region's id; regions without any left out.

    Raises:
        ValueError: a box without area or beyond 0..1, or a mask that is no picture.
    """

    image: int
    layers: tuple[str, ...]
    explanation: LocalExplanation | LocalRecord
    box: Box | None = None
    mask: NDArray[np.bool_] | None = None
    settled: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.box is not None:
            left, top, right, bottom = self.box
            if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
                raise ValueError(f"the box of image {self.image} must have an area and lie in 0..1")
        if self.mask is not None and (self.mask.ndim != 2 or self.mask.dtype != bool or not self.mask.size):
            raise ValueError(f"the mask of image {self.image} must be a table of booleans")


@dataclass(frozen=True, slots=True)
class ExampleRegion:
    """One region, possibly of several merged, that carries a label."""

    image: int
    region_ids: tuple[int, ...]
    weight: float
    score: float


@dataclass(frozen=True, slots=True)
class ClassLabel:
    """What one label means to one layer, for or against the class.

    Attributes:
        group, name: of the label; the name that most of its regions show.
        score: sum of its scores over the class's images.
        weight: mean weight of the regions that carry it, 0..1.
        images: how many images carry it.
        share: `images` as a share of the images that have the layer, 0..1.
        leading: in how many images it is the best label of a region.
        quotes: as people typed it, from the heaviest examples on.
        examples: the heaviest region of an image each, heaviest first.
    """

    group: int
    name: str
    score: float
    weight: float
    images: int
    share: float
    leading: int
    quotes: tuple[str, ...]
    examples: tuple[ExampleRegion, ...]


@dataclass(frozen=True, slots=True)
class ClassLayer:
    """The labels of one layer by descending score, then name; `images` that have the layer."""

    layer: str
    images: int
    supporting: tuple[ClassLabel, ...]
    opposing: tuple[ClassLabel, ...]


@dataclass(frozen=True, slots=True)
class ClassExplanation:
    """The images of the class, ascending, and its layers from shallow to deep, all of them."""

    images: tuple[int, ...]
    layers: tuple[ClassLayer, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """How one label goes through the layers.

    Attributes:
        means: of its score in each layer, shallow to deep, over the images that have the layer, 0 for one
            without the label; None for a layer that no image has.
        slope: of the straight line through the means, from the shallowest layer (0) to the deepest (1).
        intercept: of the same line, at the shallowest layer.
        low, high: interval of the slope. All four are None where there is a `reason` in `ClassTrends`.
    """

    group: int
    name: str
    means: tuple[float | None, ...]
    slope: float | None
    intercept: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ClassTrends:
    """Trends by descending slope, then name; by name alone where there are none.

    Attributes:
        layers: names, shallow to deep.
        sign: of the regions whose labels these are.
        trends: of every label that is best in a region anywhere.
        rising, falling: groups of the steepest, steepest first.
        reason: why nothing has a slope, None where everything has.
    """

    layers: tuple[str, ...]
    sign: Sign
    trends: tuple[Trend, ...]
    rising: tuple[int, ...]
    falling: tuple[int, ...]
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class OutsideRegion:
    """A region led by a label that may be a shortcut.

    `outside` is the share of its map's mass outside the object, `expected` that of an even map; both None
    where neither box nor map is known.
    """

    image: int
    layer: str
    region_ids: tuple[int, ...]
    weight: float
    outside: float | None
    expected: float | None


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A label that the network may use though it is not of the object. Possible, never proven.

    Attributes:
        basis: how it was found; "place" is the stronger.
        outside: share of its regions' mass outside the object, weighted by region weight; None by words.
        expected: the same of even maps; None by words.
        density: how many times denser its evidence is outside than inside; None by words, and where all of it
            lies outside.
        weight: its regions' share of all supporting weight of the class's images, 0..1.
        images: in how many images it lies outside, or by words leads a region.
        of_images: in how many images that could be judged it leads a region.
        regions: evidence, heaviest first.
    """

    group: int
    name: str
    basis: Basis
    outside: float | None
    expected: float | None
    density: float | None
    weight: float
    images: int
    of_images: int
    regions: tuple[OutsideRegion, ...]


@dataclass(frozen=True, slots=True)
class ClassShare:
    """What a meaning has in one class.

    Attributes:
        groups: of the class that mean it, ascending; empty where the class has none.
        name: of the group with the highest score, "" where the class has none.
        share: mean over images with words of its share of the image's scores, 0..1.
        score: sum over images and layers.
        images: that carry it.
        layers: where it occurs, shallow to deep.
    """

    groups: tuple[int, ...]
    name: str
    share: float
    score: float
    images: int
    layers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """Labels of two classes that mean the same.

    Attributes:
        name: as most of both classes say it.
        one, other: what the classes have of it.
        difference: share in the one less share in the other, -1..1.
        p: two-sided, of so large a difference had the images been dealt to the classes by chance, (0, 1];
            None where too few images carry it.
        corrected_p: after Holm's correction over all meanings that were tested.
        certain: whether `corrected_p` is at most the level.
    """

    name: str
    one: ClassShare
    other: ClassShare
    difference: float
    p: float | None
    corrected_p: float | None
    certain: bool


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two classes beside each other.

    Attributes:
        images: that have words, of the one and the other class. Where either is 0 nothing is compared.
        shared: by descending lower share of the two.
        one, other: meanings that the other class lacks or has little of, by descending difference.
        tested: how many meanings `corrected_p` was corrected for.
    """

    images: tuple[int, int]
    shared: tuple[Meaning, ...]
    one: tuple[Meaning, ...]
    other: tuple[Meaning, ...]
    tested: int
