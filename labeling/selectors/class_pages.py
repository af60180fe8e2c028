"""What the page of a class shows: one revision of its explanation, with pictures that a visitor may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from analysis.explanations.class_export import (
    ClassLabelRecord,
    ClassLayerRecord,
    ClassRecord,
    ExampleRecord,
    OutsideRecord,
    ShortcutRecord,
)
from labeling.models import ClassExplanation, Label, Region, Study
from labeling.selectors.class_headlines import class_headline
from labeling.selectors.class_shown import (
    ShownClass,
    ShownClassLabel,
    ShownClassLayer,
    ShownExample,
    ShownShortcut,
)
from labeling.selectors.explanations import depth_name
from labeling.selectors.revisions import MOST_LISTED, Revision
from labeling.selectors.sharing import region_ids
from labeling.selectors.verdicts import Verdicts

CONFIRMED = "confirmed for"
MOST_EVIDENCE = 6
"""Pictures of one shortcut."""


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


def languages_of_class(study: Study, class_index: int) -> list[str]:
    """In which people described its images."""
    labels = Label.objects.filter(region__image__explained_class=class_index, region__study=study)
    counted = labels.filter(quarantined=False).order_by("language")
    return list(counted.values_list("language", flat=True).distinct())


def shown_class(
    found: ClassExplanation, visible: Collection[int], verdicts: Verdicts, current: int
) -> ShownClass:
    """With pictures of the `visible` images alone, of regions of the study's `current` revision."""
    record: ClassRecord = found.result
    show = _Shown(frozenset(visible), _regions_on_file(found, current), verdicts, _highest(record))
    count = len(record["layers"])
    confirmed = {group for (_, group), verdict in verdicts.items() if verdict == CONFIRMED}
    return ShownClass(
        revision=found.revision,
        created_at=found.created_at,
        manifest=found.manifest,
        images=len(record["images"]),
        headline=class_headline(record, confirmed),
        layers=[
            show.layer(layer, number, depth_name(count - number, count))
            for number, layer in enumerate(record["layers"], 1)
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

    def layer(self, layer: ClassLayerRecord, number: int, depth: str) -> ShownClassLayer:
        name = layer["layer"]
        return ShownClassLayer(
            number=number,
            name=name,
            depth_name=depth,
            images=layer["images"],
            supporting=[self.label(label, name, f"for-{number}") for label in layer["supporting"]],
            opposing=[self.label(label, name, f"against-{number}") for label in layer["opposing"]],
        )

    def label(self, label: ClassLabelRecord, layer: str, place: str) -> ShownClassLabel:
        examples = [self.example(one) for one in label["examples"] if self.may_show(one)]
        return ShownClassLabel(
            group=label["group"],
            name=label["name"],
            place=f"{place}-{label['group']}",
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
        regions = shortcut["regions"]
        shown = [one for one in regions if self.may_show(one)][:MOST_EVIDENCE]
        images = {one["image"] for one in regions}
        return ShownShortcut(
            name=shortcut["name"],
            by_place=shortcut["basis"] == "place",
            outside=_percent(shortcut["outside"]),
            expected=_percent(shortcut["expected"]),
            density=shortcut["density"],
            weight=round(100 * shortcut["weight"]),
            images=shortcut["images"],
            of_images=shortcut["of_images"],
            examples=[self.example(one, _percent(one["outside"])) for one in shown],
            unseen=len(images - self.visible),
        )

    def example(self, one: ExampleRecord | OutsideRecord, outside: int | None = None) -> ShownExample:
        return ShownExample(one["image"], _joined(one["region_ids"]), round(100 * one["weight"]), outside)

    def may_show(self, one: ExampleRecord | OutsideRecord) -> bool:
        return one["image"] in self.visible and self.on_file.issuperset(one["region_ids"])


def _regions_on_file(found: ClassExplanation, current: int) -> frozenset[int]:
    wanted = {int(pk) for ids in region_ids(found.result) for pk in ids.split("-")}
    return frozenset(Region.objects.filter(pk__in=wanted, revision=current).values_list("pk", flat=True))


def _highest(record: ClassRecord) -> float:
    scores = [
        label["score"] for layer in record["layers"] for label in (*layer["supporting"], *layer["opposing"])
    ]
    return max(scores, default=0.0) or 1.0


def _joined(ids: Sequence[int]) -> str:
    return "-".join(map(str, ids))


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)
