"""What an explanation page shows: one revision, or the regions alone before there is one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import Max
from django.utils.translation import gettext_lazy

from analysis.explanations.export import LabelRecord, LayerRecord, LocalRecord, RegionRecord
from analysis.regions.fidelity import FEWEST, spearman
from labeling.models import Explanation, Image, Job, Region
from labeling.models.image import Sign
from labeling.models.job import JobKind, JobState
from labeling.selectors.verdicts import Verdicts

DEPTH_NAMES = (
    gettext_lazy("edges, colours"),
    gettext_lazy("patterns"),
    gettext_lazy("textures"),
    gettext_lazy("parts"),
    gettext_lazy("parts, objects"),
)


@dataclass(frozen=True, slots=True)
class ShownLabel:
    """`verdict` of a concept test of this label in this layer, empty where there was none."""

    group: int
    name: str
    score: float
    players: int
    examples: tuple[str, ...]
    verdict: str


@dataclass(frozen=True, slots=True)
class ShownRegion:
    """`ids` joined with hyphens, `weight` in percent, `effect` only where the region is not a merged one.

    `pictured` where its map is still on file: regions of an earlier revision of the study have none.
    """

    ids: str
    weight: int
    effect: float | None
    labels: list[ShownLabel]
    pictured: bool

    @property
    def groups(self) -> list[int]:
        """Of its labels."""
        return [label.group for label in self.labels]

    @property
    def numbers(self) -> list[int]:
        """The ids as they are on file."""
        return [int(part) for part in self.ids.split("-")]

    def quoted(self) -> set[str]:
        """All that it shows as people typed it."""
        return {text for label in self.labels for text in label.examples}


@dataclass(frozen=True, slots=True)
class ShownLayer:
    name: str
    depth_name: str
    supporting: list[ShownRegion]
    opposing: list[ShownRegion]

    @property
    def leading(self) -> ShownRegion | None:
        """The heaviest supporting region that people named, or else the heaviest; None where all oppose."""
        return next(iter(self.named or self.supporting), None)

    @property
    def named(self) -> list[ShownRegion]:
        """Supporting regions with words."""
        return [region for region in self.supporting if region.labels]

    @property
    def bare(self) -> list[ShownRegion]:
        """Supporting regions without words."""
        return [region for region in self.supporting if not region.labels]

    @property
    def groups(self) -> list[int]:
        """Of the labels of its supporting regions."""
        return list(dict.fromkeys(group for region in self.supporting for group in region.groups))


@dataclass(frozen=True, slots=True)
class ShownExplanation:
    """Layers deep to shallow. `revision` 0, and not made: nobody has said anything yet."""

    revision: int
    made_at: datetime | None
    manifest: Mapping[str, object]
    fidelity: float | None
    layers: list[ShownLayer]

    @property
    def labels(self) -> int:
        return _count(self.manifest, "labels")

    @property
    def players(self) -> int:
        return _count(self.manifest, "players")

    def regions(self) -> list[ShownRegion]:
        """Of all layers, those that oppose after those that support."""
        return [region for layer in self.layers for region in (*layer.supporting, *layer.opposing)]


def latest_revision(image: Image) -> int:
    """0 before the first."""
    newest: int | None = image.explanations.aggregate(Max("revision"))["revision__max"]
    return newest or 0


def is_being_measured(image: Image) -> bool:
    """Whether a worker measures what the image's regions do, or is asked to."""
    return Job.objects.filter(
        study=image.study_id,
        kind=JobKind.MEASURES,
        subject=image.pk,
        state__in=[JobState.QUEUED, JobState.RUNNING],
    ).exists()


def explanation_of(
    image: Image, revision: int | None = None, verdicts: Verdicts | None = None
) -> ShownExplanation:
    """One revision, or the latest.

    Raises:
        Explanation.DoesNotExist: the image has no such revision.
    """
    regions = list(image.regions.defer("map_indices", "settled").order_by("depth", "index"))
    current = [region for region in regions if region.revision == image.study.revision]
    if revision is None:
        found = image.explanations.order_by("-revision").first()
    else:
        found = image.explanations.get(revision=revision)
    record: LocalRecord = found.result if found else _unlabelled(current)
    return ShownExplanation(
        revision=found.revision if found else 0,
        made_at=found.created_at if found else None,
        manifest=found.manifest if found else {},
        fidelity=_mean_fidelity(current),
        layers=_layers(record, {region.pk: region for region in regions}, image.study.revision, verdicts),
    )


def explanation_exists(image: Image, revision: int) -> bool:
    return Explanation.objects.filter(image=image, revision=revision).exists()


def depth_name(position: int, count: int) -> str:
    """What layers at this depth usually answer to; position 0 is the deepest."""
    return str(DEPTH_NAMES[::-1][position * len(DEPTH_NAMES) // count])


def _layers(
    record: LocalRecord, by_id: Mapping[int, Region], current: int, verdicts: Verdicts | None
) -> list[ShownLayer]:
    layers = record["layers"]
    return [
        ShownLayer(
            name=layer["layer"],
            depth_name=depth_name(position, len(layers)),
            supporting=_shown(layer, by_id, current, Sign.SUPPORTS, verdicts or {}),
            opposing=_shown(layer, by_id, current, Sign.OPPOSES, verdicts or {}),
        )
        for position, layer in enumerate(layers)
    ]


def _shown(
    layer: LayerRecord, by_id: Mapping[int, Region], current: int, sign: Sign, verdicts: Verdicts
) -> list[ShownRegion]:
    found = [
        (region, [by_id.get(pk) for pk in region["region_ids"]])
        for region in layer["regions"]
        if region["sign"] == sign
    ]
    return [
        ShownRegion(
            ids="-".join(map(str, region["region_ids"])),
            weight=round(100 * region["weight"]),
            effect=rows[0].effect if len(rows) == 1 and rows[0] else None,
            labels=[
                _label(label, layer["layer"], verdicts) for label in region["labels"] if label["score"] > 0
            ],
            pictured=all(row is not None and row.revision == current for row in rows),
        )
        for region, rows in found
    ]


def _label(label: LabelRecord, layer: str, verdicts: Verdicts) -> ShownLabel:
    return ShownLabel(
        group=label["group"],
        name=label["name"],
        score=label["score"],
        players=label["players"],
        examples=tuple(label["examples"]),
        verdict=verdicts.get((layer, label["group"]), ""),
    )


def _unlabelled(regions: Sequence[Region]) -> LocalRecord:
    layers: dict[str, list[RegionRecord]] = {}
    for region in regions:
        shown: RegionRecord = {
            "region_ids": [region.pk],
            "weight": region.weight,
            "sign": "supports" if region.sign == Sign.SUPPORTS else "opposes",
            "labels": [],
        }
        layers.setdefault(region.layer, []).append(shown)
    return {"layers": [{"layer": name, "regions": own} for name, own in reversed(layers.items())]}


def _mean_fidelity(regions: Sequence[Region]) -> float | None:
    """Mean over layers of the Spearman correlation between weights and measured effects."""
    layers: dict[str, list[tuple[float, float]]] = {}
    for region in regions:
        if region.sign == Sign.SUPPORTS and region.effect is not None:
            layers.setdefault(region.layer, []).append((region.weight, region.effect))
    values = [
        value
        for pairs in layers.values()
        if len(pairs) >= FEWEST and (value := spearman(*np.array(pairs).T)) is not None
    ]
    return float(np.mean(values)) if values else None


def _count(manifest: Mapping[str, object], name: str) -> int:
    value = manifest.get(name, 0)
    return value if isinstance(value, int) else 0
