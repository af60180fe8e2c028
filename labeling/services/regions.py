"""The rows of an image's regions. Does not load torch."""

import random

from analysis.regions.results import ImageRegions, LayerRegions
from analysis.regions.results import Region as Found
from labeling.models import Image, Region, Study

PRIORITY_SPREAD = 0.3


def regions_write(*, study: Study, image: Image, found: ImageRegions) -> None:
    """Keep an image's regions, over those of an earlier run. Only supporting ones have places for players."""
    rows = [
        Region(
            study=study,
            image=image,
            revision=study.revision,
            layer=layer.name,
            depth=depth,
            index=region.index,
            sign=region.sign,
            weight=region.weight,
            effect=region.effect,
            map_indices=list(region.map_indices),
            area=region.area,
            priority=_priority(region, layer, f"{study.seed}/{image.sha256}/{layer.name}/{region.index}"),
            capacity=study.max_labellings if region.sign == "supports" else 0,
        )
        for depth, layer in enumerate(found.layers)
        for region in layer.regions
    ]
    Region.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["image", "revision", "layer", "index"],
        update_fields=["depth", "sign", "weight", "effect", "map_indices", "area", "priority"],
    )


def _priority(region: Found, layer: LayerRegions, draw: str) -> float:
    """0 to 1: the weight relative to the layer's heaviest region, so that no layer waits for another, with a
    little randomness, so that players meet layers and images in turn."""
    heaviest = max(other.weight for other in layer.regions)
    return region.weight / heaviest * (1 - PRIORITY_SPREAD * random.Random(draw).random())
