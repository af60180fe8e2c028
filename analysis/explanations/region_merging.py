"""Several regions as one: weights, scores and maps."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.explanations.records import ExplainedLabel, ExplainedRegion, RegionEvidence
from analysis.labels.records import RegionLabel

EXAMPLES = 3


def merge_regions(regions: Sequence[RegionEvidence], top: int) -> ExplainedRegion:
    r"""Make one region of several of the same layer and sign.

    .. math:: w = \sum_r w_r, \quad A = \sum_r w_r A_r / w, \quad s(l) = \sum_r w_r s_r(l) / w

    with s_r(l) = 0 where region r does not have the label l; plain means where w = 0.

    Args:
        regions: at least one, maps of one shape (h, w).
        top: how many labels to keep: those with the highest score, then first in the alphabet.

    Raises:
        ValueError: if the shapes of the maps differ.

    Source: arXiv 2405.03301.
    """
    if len({region.map.shape for region in regions}) != 1:
        raise ValueError("regions of one layer must have maps of one shape")
    ordered = sorted(regions, key=lambda region: (-region.weight, region.region))
    weight = sum(region.weight for region in ordered)
    shares = _shares([region.weight for region in ordered])
    labels = sorted(_merged_labels(ordered, shares), key=lambda label: (-label.score, label.name))
    return ExplainedRegion(
        region_ids=tuple(sorted(region.region for region in ordered)),
        weight=weight,
        sign=ordered[0].sign,
        map=np.tensordot(shares, np.stack([region.map for region in ordered]).astype(np.float64), axes=1),
        labels=tuple(labels[:top]),
    )


def _shares(weights: Sequence[float]) -> NDArray[np.float64]:
    total = sum(weights)
    return np.array(weights) / total if total > 0 else np.full(len(weights), 1 / len(weights))


def _merged_labels(regions: Sequence[RegionEvidence], shares: NDArray[np.float64]) -> list[ExplainedLabel]:
    given: defaultdict[int, list[tuple[float, RegionLabel]]] = defaultdict(list)
    for region, share in zip(regions, shares, strict=True):
        for label in region.labels:
            given[label.group].append((float(share), label))
    return [
        ExplainedLabel(
            group=group,
            name=weighted[0][1].name,
            score=sum(share * label.score for share, label in weighted),
            players=len(frozenset().union(*(label.player_ids for _, label in weighted))),
            examples=_first_distinct([raw for _, label in weighted for raw in label.examples]),
        )
        for group, weighted in given.items()
    ]


def _first_distinct(examples: Sequence[str]) -> tuple[str, ...]:
    """The heaviest region's examples come first."""
    return tuple(dict.fromkeys(examples))[:EXAMPLES]
