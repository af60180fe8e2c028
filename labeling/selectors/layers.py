"""How a study's layers do: means over its images, shallow to deep."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from django.db.models import Avg, Count, F, Min, Q, Sum
from scipy.special import stdtrit

from labeling.models import ImageLayer, Region, Study
from labeling.models.image import Sign

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of `count` correlations; `low` and `high` bound it with 95 % confidence, from two values on."""

    value: float
    low: float | None
    high: float | None
    count: int


@dataclass(frozen=True, slots=True)
class LayerMeans:
    """One layer, over the images that have it.

    `stability` counts every region once, `weighted_stability` by its weight; `effect` is that of supporting
    regions. None where nothing has been measured.
    """

    layer: str
    images: int
    kept: float
    dropped: float
    discarded: float
    opposing: float
    clusters: float
    silhouette: float | None
    fidelity: Mean | None
    stability: float | None
    weighted_stability: float | None
    effect: float | None


def layer_means(study: Study) -> list[LayerMeans]:
    own = ImageLayer.objects.filter(image__study=study, revision=study.revision)
    layers = own.values("layer").annotate(
        images=Count("pk"),
        position=Min("depth"),
        mean_kept=Avg("kept"),
        mean_dropped=Avg("dropped"),
        mean_discarded=Avg("discarded"),
        mean_opposing=Avg("opposing"),
        mean_clusters=Avg("clusters"),
        mean_silhouette=Avg("silhouette"),
    )
    values: dict[str, list[float]] = {}
    for layer, value in own.exclude(fidelity=None).order_by("pk").values_list("layer", "fidelity"):
        values.setdefault(layer, []).append(float(value or 0))
    measured = _measured(study)
    return [
        LayerMeans(
            layer=row["layer"],
            images=row["images"],
            kept=row["mean_kept"],
            dropped=row["mean_dropped"],
            discarded=row["mean_discarded"],
            opposing=row["mean_opposing"],
            clusters=row["mean_clusters"],
            silhouette=row["mean_silhouette"],
            fidelity=mean_with_interval(values.get(row["layer"], [])),
            **measured.get(row["layer"], dict.fromkeys(["stability", "weighted_stability", "effect"])),
        )
        for row in layers.order_by("position", "layer")
    ]


def mean_with_interval(values: Sequence[float]) -> Mean | None:
    """The mean of correlations with its interval by Student's t, cut at -1 and 1; None without values."""
    count = len(values)
    if not count:
        return None
    mean = fmean(values)
    if count == 1:
        return Mean(mean, None, None, 1)
    reach = float(stdtrit(count - 1, (1 + CONFIDENCE) / 2)) * stdev(values) / math.sqrt(count)
    return Mean(mean, max(-1.0, mean - reach), min(1.0, mean + reach), count)


def _measured(study: Study) -> dict[str, dict[str, float | None]]:
    regions = Region.objects.filter(study=study, revision=study.revision).exclude(stability=None)
    means = regions.order_by().values("layer").annotate(
        plain=Avg("stability"),
        weighted=Sum(F("stability") * F("weight")) / Sum("weight"),
        drop=Avg("effect", filter=Q(sign=Sign.SUPPORTS)),
    )  # fmt: skip
    return {
        row["layer"]: {
            "stability": row["plain"],
            "weighted_stability": row["weighted"],
            "effect": row["drop"],
        }
        for row in means
    }
