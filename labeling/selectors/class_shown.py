"""What the page of a class shows, as records: numbers as people read them, pictures that may be seen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.explanations.class_export import TrendsRecord
from labeling.selectors.class_headlines import ClassHeadline

MOST_ROWS = 14


@dataclass(frozen=True, slots=True)
class ShownExample:
    """A region as a picture; `ids` joined with hyphens, `weight` in percent. `outside`, in percent, only
    where it is evidence of a shortcut by place."""

    image: int
    ids: str
    weight: int
    outside: int | None = None


@dataclass(frozen=True, slots=True)
class ShownClassLabel:
    """Weight and share of images in percent; `part` is the score in percent of the class's highest.

    `unseen`: examples that the visitor may not see. `place`: where on the page it stands.
    """

    group: int
    name: str
    place: str
    score: float
    part: int
    weight: int
    share: int
    images: int
    quotes: tuple[str, ...]
    examples: Sequence[ShownExample]
    unseen: int
    verdict: str


@dataclass(frozen=True, slots=True)
class ShownClassLayer:
    """`number` is counted from 1, the shallowest."""

    number: int
    name: str
    depth_name: str
    images: int
    supporting: Sequence[ShownClassLabel]
    opposing: Sequence[ShownClassLabel]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A label's scores; None for a layer that it is not among the first of."""

    group: int
    name: str
    cells: Sequence[ShownClassLabel | None]


@dataclass(frozen=True, slots=True)
class ShownShortcut:
    """Shares in percent; `density` says how many times denser its evidence lies outside than inside; see
    `Shortcut`."""

    name: str
    by_place: bool
    outside: int | None
    expected: int | None
    density: float | None
    weight: int
    images: int
    of_images: int
    examples: Sequence[ShownExample]
    unseen: int


@dataclass(frozen=True, slots=True)
class ShownClass:
    """Layers shallow to deep."""

    revision: int
    created_at: datetime
    manifest: Mapping[str, object]
    images: int
    headline: ClassHeadline
    layers: Sequence[ShownClassLayer]
    shortcuts: Sequence[ShownShortcut]
    trends: TrendsRecord

    @property
    def confirmed(self) -> bool:
        """Whether a label of the headline is."""
        return any(label.confirmed for part in self.headline.parts for label in part.labels)

    def matrix(self) -> list[MatrixRow]:
        """The labels with the highest scores in sum, at most `MOST_ROWS`."""
        sums: dict[int, float] = {}
        names: dict[int, str] = {}
        for label in (label for layer in self.layers for label in layer.supporting):
            sums[label.group] = sums.get(label.group, 0.0) + label.score
            names.setdefault(label.group, label.name)
        first = sorted(sums, key=lambda group: (-sums[group], names[group], group))[:MOST_ROWS]
        return [
            MatrixRow(group, names[group], [_cell(layer, group) for layer in self.layers]) for group in first
        ]

    def portrait(self, group: int, shown: Collection[int] = ()) -> ShownExample | None:
        """The picture that stands for a label: of the layer where it scores most that has one to show, rather
        of an image that is not `shown` yet."""
        own = [label for layer in self.layers for label in layer.supporting if label.group == group]
        ordered = sorted(own, key=lambda label: -label.score)
        pictures = [example for label in ordered for example in label.examples]
        fresh = [example for example in pictures if example.image not in shown]
        return next(iter(fresh or pictures), None)


def _cell(layer: ShownClassLayer, group: int) -> ShownClassLabel | None:
    return next((label for label in layer.supporting if label.group == group), None)
