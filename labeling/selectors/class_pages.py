"""What the page of a class shows: one revision of its explanation, with pictures that a visitor may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.explanations.class_export import (
    ClassLabelRecord,
    ClassLayerRecord,
    ClassRecord,
    ShortcutRecord,
    TrendsRecord,
)
from labeling.models import ClassExplanation, Region, Study
from labeling.selectors.explanations import depth_name
from labeling.selectors.revisions import MOST_LISTED, Revision
from labeling.selectors.sharing import region_ids
from labeling.selectors.verdicts import Verdicts

MOST_ROWS = 14


@dataclass(frozen=True, slots=True)
class ShownExample:
    """A region as a picture; `ids` joined with hyphens, `weight` in percent.

    `outside`, in percent, only where it is evidence of a shortcut by place.
    """

    image: int
    ids: str
    weight: int
    outside: int | None = None


@dataclass(frozen=True, slots=True)
class ShownClassLabel:
    """Weight and share of images in percent; `part` is the score in percent of the class's highest.

    `unseen`: examples that the visitor may not see.
    """

    group: int
    name: str
    score: float
    part: int
    weight: int
    share: int
    images: int
    quotes: tuple[str, ...]
    examples: list[ShownExample]
    unseen: int
    verdict: str


@dataclass(frozen=True, slots=True)
class ShownClassLayer:
    name: str
    depth_name: str
    images: int
    supporting: list[ShownClassLabel]
    opposing: list[ShownClassLabel]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A label's scores; None for a layer that it is not among the first of."""

    group: int
    name: str
    cells: list[ShownClassLabel | None]


@dataclass(frozen=True, slots=True)
class ShownShortcut:
    """Shares in percent; see `Shortcut`."""

    name: str
    by_place: bool
    outside: int | None
    expected: int | None
    weight: int
    images: int
    of_images: int
    examples: list[ShownExample]
    unseen: int


@dataclass(frozen=True, slots=True)
class ShownClass:
    """Layers deep to shallow."""

    revision: int
    created_at: datetime
    manifest: Mapping[str, object]
    images: int
    layers: list[ShownClassLayer]
    shortcuts: list[ShownShortcut]
    trends: TrendsRecord

    def matrix(self) -> list[MatrixRow]:
        """The labels with the highest scores in sum, at most `MOST_ROWS`."""
        sums: dict[int, float] = {}
        names: dict[int, str] = {}
        for label in (label for layer in self.layers for label in layer.supporting):
            sums[label.group] = sums.get(label.group, 0.0) + label.score
            names.setdefault(label.group, label.name)
        first = sorted(sums, key=lambda group: (-sums[group], names[group]))[:MOST_ROWS]
        return [
            MatrixRow(group, names[group], [_cell(layer, group) for layer in self.layers]) for group in first
        ]


def class_explanation(study: Study, class_index: int, revision: int | None = None) -> ClassExplanation:
    """One revision, or the latest.

    Raises:
        ClassExplanation.DoesNotExist: there is none.
    """
    own = ClassExplanation.objects.filter(study=study, explained_class=class_index)
    if revision is not None:
        return own.get(revision=revision)
    return own.latest("revision")


def class_revisions(study: Study, class_index: int) -> list[Revision]:
    """The newest `MOST_LISTED`, newest first."""
    rows = ClassExplanation.objects.filter(study=study, explained_class=class_index).order_by("-revision")
    columns = rows.values_list("revision", "created_at", "manifest__labels", "manifest__players")
    return [
        Revision(number, made, labels or 0, people or 0)
        for number, made, labels, people in columns[:MOST_LISTED]
    ]


def shown_class(
    found: ClassExplanation, visible: Collection[int], verdicts: Verdicts, current: int
) -> ShownClass:
    """With pictures of the `visible` images alone, of regions of the study's `current` revision."""
    record: ClassRecord = found.result
    show = _Shown(frozenset(visible), _regions_on_file(found, current), verdicts, _highest(record))
    count = len(record["layers"])
    return ShownClass(
        revision=found.revision,
        created_at=found.created_at,
        manifest=found.manifest,
        images=len(record["images"]),
        layers=[
            show.layer(layer, depth_name(position, count))
            for position, layer in enumerate(reversed(record["layers"]))
        ],
        shortcuts=[show.shortcut(shortcut) for shortcut in record["shortcuts"]],
        trends=record["trends"],
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    visible: frozenset[int]
    on_file: frozenset[int]
    verdicts: Verdicts
    highest: float

    def layer(self, layer: ClassLayerRecord, depth: str) -> ShownClassLayer:
        name = layer["layer"]
        return ShownClassLayer(
            name=name,
            depth_name=depth,
            images=layer["images"],
            supporting=[self.label(label, name) for label in layer["supporting"]],
            opposing=[self.label(label, name) for label in layer["opposing"]],
        )

    def label(self, label: ClassLabelRecord, layer: str) -> ShownClassLabel:
        examples = [
            ShownExample(one["image"], _joined(one["region_ids"]), round(100 * one["weight"]))
            for one in label["examples"]
            if self.may_show(one["image"], one["region_ids"])
        ]
        return ShownClassLabel(
            group=label["group"],
            name=label["name"],
            score=label["score"],
            part=round(100 * label["score"] / self.highest),
            weight=round(100 * label["weight"]),
            share=round(100 * label["share"]),
            images=label["images"],
            quotes=tuple(label["quotes"]),
            examples=examples,
            unseen=len(label["examples"]) - len(examples),
            verdict=self.verdicts.get((layer, label["group"]), ""),
        )

    def shortcut(self, shortcut: ShortcutRecord) -> ShownShortcut:
        examples = [
            ShownExample(
                one["image"], _joined(one["region_ids"]), round(100 * one["weight"]), _percent(one["outside"])
            )
            for one in shortcut["regions"]
            if self.may_show(one["image"], one["region_ids"])
        ]
        return ShownShortcut(
            name=shortcut["name"],
            by_place=shortcut["basis"] == "place",
            outside=_percent(shortcut["outside"]),
            expected=_percent(shortcut["expected"]),
            weight=round(100 * shortcut["weight"]),
            images=shortcut["images"],
            of_images=shortcut["of_images"],
            examples=examples,
            unseen=len(shortcut["regions"]) - len(examples),
        )

    def may_show(self, image: int, regions: Sequence[int]) -> bool:
        return image in self.visible and self.on_file.issuperset(regions)


def _regions_on_file(found: ClassExplanation, current: int) -> frozenset[int]:
    wanted = {int(pk) for ids in region_ids(found.result) for pk in ids.split("-")}
    return frozenset(Region.objects.filter(pk__in=wanted, revision=current).values_list("pk", flat=True))


def _highest(record: ClassRecord) -> float:
    scores = [
        label["score"] for layer in record["layers"] for label in (*layer["supporting"], *layer["opposing"])
    ]
    return max(scores, default=0.0) or 1.0


def _cell(layer: ShownClassLayer, group: int) -> ShownClassLabel | None:
    return next((label for label in layer.supporting if label.group == group), None)


def _joined(ids: Sequence[int]) -> str:
    return "-".join(map(str, ids))


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)
