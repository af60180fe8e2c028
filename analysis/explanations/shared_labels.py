"""Which regions of a layer people saw as one thing."""

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.explanations.records import RegionEvidence, Sign
from analysis.labels.records import RegionLabel

_TIE = 1e-9


def best_labels(labels: Sequence[RegionLabel]) -> frozenset[int]:
    """Label groups with the highest score, ties kept; scores that agree to a relative 1e-9 are tied."""
    highest = max((label.score for label in labels), default=0.0)
    return frozenset(label.group for label in labels if math.isclose(label.score, highest, rel_tol=_TIE))


def merge_sets(regions: Sequence[RegionEvidence]) -> list[list[RegionEvidence]]:
    """Split the regions of one layer into sets that share best labels, transitively, within a sign.

    A region without labels stays alone. Sets keep the order of the regions.

    Source: arXiv 2405.03301; the split by sign is ours, as the paper has supporting regions only.
    """
    first_with: dict[tuple[Sign, int], int] = {}
    links = [
        (first_with.setdefault((region.sign, label), row), row)
        for row, region in enumerate(regions)
        for label in sorted(best_labels(region.labels))
    ]
    pairs = np.array(links, dtype=np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(regions), len(regions)))
    component = connected_components(graph, directed=False)[1]
    sets: defaultdict[int, list[RegionEvidence]] = defaultdict(list)
    for region, index in zip(regions, component, strict=True):
        sets[int(index)].append(region)
    return list(sets.values())
