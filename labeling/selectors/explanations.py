"""What an explanation page shows: the latest revision, or the regions alone before there is one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.db.models import Max
from django.utils.translation import gettext_lazy

from analysis.explanations.export import LabelRecord, LayerRecord, LocalRecord, RegionRecord
from analysis.regions.fidelity import FEWEST, spearman
from labeling.models import Image, Job, Region
from labeling.models.image import Sign
from labeling.models.job import JobKind, JobState

MOST_SPOKEN = 6
DEPTH_NAMES = (
    gettext_lazy("edges, colours"),
    gettext_lazy("patterns"),
    gettext_lazy("textures"),
    gettext_lazy("parts"),
    gettext_lazy("parts, objects"),
)


@dataclass(frozen=True, slots=True)
class ShownRegion:
    """`ids` joined with hyphens, `weight` in percent, `effect` only where the region is not a merged one."""

    ids: str
    weight: int
    effect: float | None
    labels: list[LabelRecord]


@dataclass(frozen=True, slots=True)
class ShownLayer:
    name: str
    depth_name: str
    supporting: list[ShownRegion]
    opposing: list[ShownRegion]


@dataclass(frozen=True, slots=True)
class ShownExplanation:
    revision: int
    labels: int
    players: int
    fidelity: float | None
    measuring: bool
    layers: list[ShownLayer]

    def spoken(self) -> list[ShownRegion]:
        """The regions that most people named, at most `MOST_SPOKEN` of all layers, deep ones first."""
        named = [region for layer in self.layers for region in layer.supporting if region.labels]
        return sorted(named, key=lambda region: -region.labels[0]["players"])[:MOST_SPOKEN]


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


def explanation_of(image: Image) -> ShownExplanation:
    regions = list(image.regions.filter(revision=image.study.revision).order_by("depth", "index"))
    latest = image.explanations.order_by("-revision").first()
    record: LocalRecord = latest.result if latest else _unlabelled(regions)
    by_id = {region.pk: region for region in regions}
    layers = record["layers"]
    return ShownExplanation(
        revision=latest.revision if latest else 0,
        labels=latest.manifest["labels"] if latest else 0,
        players=latest.manifest["players"] if latest else 0,
        fidelity=_mean_fidelity(regions),
        measuring=is_being_measured(image),
        layers=[
            ShownLayer(
                name=layer["layer"],
                depth_name=_depth_name(position, len(layers)),
                supporting=_shown(layer, by_id, Sign.SUPPORTS),
                opposing=_shown(layer, by_id, Sign.OPPOSES),
            )
            for position, layer in enumerate(layers)
        ],
    )


def _unlabelled(regions: list[Region]) -> LocalRecord:
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


def _shown(layer: LayerRecord, by_id: Mapping[int, Region], sign: Sign) -> list[ShownRegion]:
    return [
        ShownRegion(
            ids="-".join(map(str, region["region_ids"])),
            weight=round(100 * region["weight"]),
            effect=by_id[region["region_ids"][0]].effect if len(region["region_ids"]) == 1 else None,
            labels=region["labels"],
        )
        for region in layer["regions"]
        if region["sign"] == sign and all(pk in by_id for pk in region["region_ids"])
    ]


def _depth_name(position: int, count: int) -> str:
    """What layers at this depth usually answer to; position 0 is the deepest."""
    return str(DEPTH_NAMES[::-1][position * len(DEPTH_NAMES) // count])


def _mean_fidelity(regions: list[Region]) -> float | None:
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
