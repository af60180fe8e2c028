"""Explanations of classes as plain JSON types: full floats, and null where something is undefined."""

from typing import TypedDict

from analysis.explanations.class_records import (
    Basis,
    ClassExplanation,
    ClassLabel,
    ClassShare,
    ClassTrends,
    Contrast,
    ExampleRegion,
    Meaning,
    OutsideRegion,
    Reason,
    Shortcut,
    Trend,
)
from analysis.explanations.records import Sign


class ExampleRecord(TypedDict):
    """One `ExampleRegion`."""

    image: int
    region_ids: list[int]
    weight: float
    score: float


class ClassLabelRecord(TypedDict):
    """One `ClassLabel`."""

    group: int
    name: str
    score: float
    weight: float
    images: int
    share: float
    leading: int
    quotes: list[str]
    examples: list[ExampleRecord]


class ClassLayerRecord(TypedDict):
    """One `ClassLayer`."""

    layer: str
    images: int
    supporting: list[ClassLabelRecord]
    opposing: list[ClassLabelRecord]


class TrendRecord(TypedDict):
    """One `Trend`."""

    group: int
    name: str
    means: list[float | None]
    slope: float | None
    intercept: float | None
    low: float | None
    high: float | None


class TrendsRecord(TypedDict):
    """One `ClassTrends`."""

    layers: list[str]
    sign: Sign
    trends: list[TrendRecord]
    rising: list[int]
    falling: list[int]
    reason: Reason | None


class OutsideRecord(TypedDict):
    """One `OutsideRegion`."""

    image: int
    layer: str
    region_ids: list[int]
    weight: float
    outside: float | None
    expected: float | None


class ShortcutRecord(TypedDict):
    """One `Shortcut`."""

    group: int
    name: str
    basis: Basis
    outside: float | None
    expected: float | None
    density: float | None
    weight: float
    images: int
    of_images: int
    regions: list[OutsideRecord]


class ClassRecord(TypedDict):
    """All that one class says by itself: what a class's page shows."""

    images: list[int]
    layers: list[ClassLayerRecord]
    trends: TrendsRecord
    shortcuts: list[ShortcutRecord]


class ShareRecord(TypedDict):
    """One `ClassShare`."""

    groups: list[int]
    name: str
    share: float
    score: float
    images: int
    layers: list[str]


class MeaningRecord(TypedDict):
    """One `Meaning`."""

    name: str
    one: ShareRecord
    other: ShareRecord
    difference: float
    p: float | None
    corrected_p: float | None
    certain: bool


class ContrastRecord(TypedDict):
    """One `Contrast`."""

    images: list[int]
    shared: list[MeaningRecord]
    one: list[MeaningRecord]
    other: list[MeaningRecord]
    tested: int


def class_record(
    explanation: ClassExplanation, trends: ClassTrends, shortcuts: tuple[Shortcut, ...]
) -> ClassRecord:
    """Keys and lists in the same order every time, so that equal explanations give equal JSON."""
    return {
        "images": list(explanation.images),
        "layers": [
            {
                "layer": layer.layer,
                "images": layer.images,
                "supporting": [_label(label) for label in layer.supporting],
                "opposing": [_label(label) for label in layer.opposing],
            }
            for layer in explanation.layers
        ],
        "trends": trends_record(trends),
        "shortcuts": [_shortcut(shortcut) for shortcut in shortcuts],
    }


def trends_record(trends: ClassTrends) -> TrendsRecord:
    """Of one sign."""
    return {
        "layers": list(trends.layers),
        "sign": trends.sign,
        "trends": [_trend(trend) for trend in trends.trends],
        "rising": list(trends.rising),
        "falling": list(trends.falling),
        "reason": trends.reason,
    }


def contrast_record(contrast: Contrast) -> ContrastRecord:
    """Of two classes, in the order in which they were given."""
    return {
        "images": list(contrast.images),
        "shared": [_meaning(meaning) for meaning in contrast.shared],
        "one": [_meaning(meaning) for meaning in contrast.one],
        "other": [_meaning(meaning) for meaning in contrast.other],
        "tested": contrast.tested,
    }


def _label(label: ClassLabel) -> ClassLabelRecord:
    return {
        "group": label.group,
        "name": label.name,
        "score": label.score,
        "weight": label.weight,
        "images": label.images,
        "share": label.share,
        "leading": label.leading,
        "quotes": list(label.quotes),
        "examples": [_example(example) for example in label.examples],
    }


def _example(example: ExampleRegion) -> ExampleRecord:
    return {
        "image": example.image,
        "region_ids": list(example.region_ids),
        "weight": example.weight,
        "score": example.score,
    }


def _trend(trend: Trend) -> TrendRecord:
    return {
        "group": trend.group,
        "name": trend.name,
        "means": list(trend.means),
        "slope": trend.slope,
        "intercept": trend.intercept,
        "low": trend.low,
        "high": trend.high,
    }


def _shortcut(shortcut: Shortcut) -> ShortcutRecord:
    return {
        "group": shortcut.group,
        "name": shortcut.name,
        "basis": shortcut.basis,
        "outside": shortcut.outside,
        "expected": shortcut.expected,
        "density": shortcut.density,
        "weight": shortcut.weight,
        "images": shortcut.images,
        "of_images": shortcut.of_images,
        "regions": [_outside(region) for region in shortcut.regions],
    }


def _outside(region: OutsideRegion) -> OutsideRecord:
    return {
        "image": region.image,
        "layer": region.layer,
        "region_ids": list(region.region_ids),
        "weight": region.weight,
        "outside": region.outside,
        "expected": region.expected,
    }


def _meaning(meaning: Meaning) -> MeaningRecord:
    return {
        "name": meaning.name,
        "one": _share(meaning.one),
        "other": _share(meaning.other),
        "difference": meaning.difference,
        "p": meaning.p,
        "corrected_p": meaning.corrected_p,
        "certain": meaning.certain,
    }


def _share(share: ClassShare) -> ShareRecord:
    return {
        "groups": list(share.groups),
        "name": share.name,
        "share": share.share,
        "score": share.score,
        "images": share.images,
        "layers": list(share.layers),
    }
