"""Images of a class with labelled regions, made by hand."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.explanations.class_records import Box, ImageEvidence
from analysis.explanations.records import (
    ExplainedLabel,
    ExplainedRegion,
    LayerExplanation,
    LocalExplanation,
    Sign,
)

NAMES = {1: "stripes", 2: "legs", 3: "grass", 4: "mane", 5: "sky", 6: "dust", 7: "fur", 8: "snow"}
LAYERS = ("shallow", "middle", "deep")


def region(
    number: int,
    weight: float,
    scores: Mapping[int, float],
    *,
    sign: Sign = "supports",
    shown: NDArray[np.float64] | None = None,
) -> ExplainedRegion:
    labels = [ExplainedLabel(g, NAMES[g], score, 1, (f"{NAMES[g]} {number}",)) for g, score in scores.items()]
    shown = np.ones((2, 2)) if shown is None else shown
    return ExplainedRegion((number,), weight, sign, shown, tuple(labels))


def image(
    number: int,
    regions: Mapping[str, Sequence[ExplainedRegion]],
    *,
    layers: Sequence[str] = LAYERS,
    box: Box | None = None,
    mask: NDArray[np.bool_] | None = None,
    settled: Mapping[int, tuple[str, ...]] | None = None,
) -> ImageEvidence:
    explained = [LayerExplanation(layer, tuple(regions.get(layer, ()))) for layer in reversed(layers)]
    return ImageEvidence(number, (), LocalExplanation(tuple(explained)), box, mask, settled or {})


def scored(number: int, *layers: Mapping[int, float]) -> ImageEvidence:
    """An image with one region a layer, shallow to deep, of weight 0.5."""
    regions = {
        layer: [region(10 * number + place, 0.5, scores)] if scores else []
        for place, (layer, scores) in enumerate(zip(LAYERS, layers, strict=True))
    }
    return image(number, regions)
