"""One image explained in people's words, layer by layer."""

from collections.abc import Sequence

from analysis.explanations.records import (
    ExplainedRegion,
    LayerExplanation,
    LocalExplanation,
    RegionEvidence,
)
from analysis.explanations.region_merging import merge_regions
from analysis.explanations.shared_labels import merge_sets

TOP_LABELS = 3


def explain_locally(
    regions: Sequence[RegionEvidence], layers: Sequence[str], *, top: int = TOP_LABELS
) -> LocalExplanation:
    """Explain one image: regions of a layer and sign that share a best label are shown as one.

    The order of `regions` changes nothing.

    Args:
        regions: of one image, any order.
        layers: names of the study's layers from shallow to deep; one without regions stays in, empty.
        top: labels to show for a region.

    Raises:
        ValueError: on a region of an unknown layer, or two of one id.
    """
    if len({region.region for region in regions}) != len(regions):
        raise ValueError("region ids must be unique")
    if unknown := {region.layer for region in regions} - set(layers):
        raise ValueError(f"regions of unknown layers: {', '.join(sorted(unknown))}")
    ordered = sorted(regions, key=lambda region: region.region)
    return LocalExplanation(
        tuple(
            _explain_layer(layer, [r for r in ordered if r.layer == layer], top) for layer in reversed(layers)
        )
    )


def _explain_layer(layer: str, regions: Sequence[RegionEvidence], top: int) -> LayerExplanation:
    merged = [merge_regions(together, top) for together in merge_sets(regions)] if regions else []
    return LayerExplanation(layer, tuple(sorted(merged, key=_by_weight)))


def _by_weight(region: ExplainedRegion) -> tuple[float, tuple[int, ...]]:
    return -region.weight, region.region_ids
