"""A local explanation as plain JSON types. Maps stay out: they live in the region file, by region id."""

from typing import TypedDict

from analysis.explanations.records import ExplainedLabel, ExplainedRegion, LocalExplanation, Sign


class LabelRecord(TypedDict):
    """One `ExplainedLabel`."""

    group: int
    name: str
    score: float
    players: int
    examples: list[str]


class RegionRecord(TypedDict):
    """One `ExplainedRegion`, without its map."""

    region_ids: list[int]
    weight: float
    sign: Sign
    labels: list[LabelRecord]


class LayerRecord(TypedDict):
    """One `LayerExplanation`."""

    layer: str
    regions: list[RegionRecord]


class LocalRecord(TypedDict):
    """One `LocalExplanation`."""

    layers: list[LayerRecord]


def local_record(explanation: LocalExplanation) -> LocalRecord:
    """Keys and lists in the same order every time, so that equal explanations give equal JSON."""
    return {
        "layers": [
            {"layer": layer.layer, "regions": [_region(region) for region in layer.regions]}
            for layer in explanation.layers
        ]
    }


def _region(region: ExplainedRegion) -> RegionRecord:
    return {
        "region_ids": list(region.region_ids),
        "weight": float(region.weight),
        "sign": region.sign,
        "labels": [_label(label) for label in region.labels],
    }


def _label(label: ExplainedLabel) -> LabelRecord:
    return {
        "group": int(label.group),
        "name": label.name,
        "score": float(label.score),
        "players": label.players,
        "examples": list(label.examples),
    }
