"""Regions with what people said of them, as explanations take them."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from analysis.explanations.records import RegionEvidence
from analysis.labels.records import RegionLabel
from labeling.models import Region
from labeling.models.image import Sign

NO_PLACE = np.zeros((1, 1))
"""The map of a region where nobody asks what it shows."""

Labels = Mapping[int, tuple[RegionLabel, ...]]
"""By the region's id."""
Maps = Mapping[int, NDArray[np.floating]]


def region_evidence(regions: Iterable[Region], labels: Labels, maps: Maps) -> list[RegionEvidence]:
    """Regions of one image; either all of them or none have a map."""
    return [
        RegionEvidence(
            region=region.pk,
            layer=region.layer,
            weight=region.weight,
            sign="supports" if region.sign == Sign.SUPPORTS else "opposes",
            map=maps.get(region.pk, NO_PLACE),
            labels=labels.get(region.pk, ()),
        )
        for region in regions
    ]
