"""The rows of an image's regions and layers. Does not load torch."""

import random
from typing import cast

from django.conf import settings

from analysis.regions.fidelity import fidelity
from analysis.regions.results import ImageRegions, LayerRegions
from analysis.regions.results import Region as Found
from analysis.regions.settings import Preset, RegionSettings
from labeling.models import Image, ImageLayer, Region, Study

PRIORITY_SPREAD = 0.3


def region_settings(study: Study, *, measured: bool) -> RegionSettings:
    """How the study finds regions, and whether effects and stability come with them.

    Raises:
        SettingsError: with a sentence for the researcher.
    """
    return RegionSettings(
        preset=cast("Preset", study.preset),
        layers=tuple(study.layers) or None,
        seed=study.seed,
        effects=measured,
        stability=measured,
        precision="mixed" if settings.GLIMPSE_MIXED_PRECISION else "float32",
        micro_batch=settings.GLIMPSE_BATCH_SIZE,
    )


def regions_write(*, study: Study, image: Image, found: ImageRegions) -> None:
    """Keep an image's regions and layers, over those of an earlier run; what that found beyond them goes,
    unless somebody has played it. Opposing regions have places for players where the study says so, an image
    that the front page gives away has none."""
    image.refresh_from_db(fields=["showcase"])  # somebody may have chosen it while a worker was at it
    rows = [
        _region(study, image, layer, region, depth)
        for depth, layer in enumerate(found.layers)
        for region in layer.regions
    ]
    Region.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["image", "revision", "layer", "index"],
        update_fields=[
            "depth", "sign", "weight", "effect", "stability", "map_indices", "area", "mean_activation",
            "priority",
        ],
    )  # fmt: skip
    found_now = {(row.layer, row.index) for row in rows}
    stored = Region.objects.filter(image=image, revision=study.revision)
    beyond = [
        pk for pk, *place in stored.values_list("pk", "layer", "index") if tuple(place) not in found_now
    ]
    stored.filter(pk__in=beyond, rounds=None).delete()
    _write_layers(study, image, found)


def _region(study: Study, image: Image, layer: LayerRegions, region: Found, depth: int) -> Region:
    return Region(
        study=study,
        image=image,
        revision=study.revision,
        layer=layer.name,
        depth=depth,
        index=region.index,
        sign=region.sign,
        weight=region.weight,
        effect=region.effect,
        stability=region.stability,
        map_indices=list(region.map_indices),
        area=region.area,
        mean_activation=region.mean_activation,
        priority=_priority(region, layer, f"{study.seed}/{image.sha256}/{layer.name}/{region.index}"),
        capacity=_capacity(study, image, region),
    )


def _capacity(study: Study, image: Image, region: Found) -> int:
    is_played = (region.sign == "supports" or study.opposing_played) and not image.showcase
    return study.max_labellings if is_played else 0


def _write_layers(study: Study, image: Image, found: ImageRegions) -> None:
    facts = ["channels", "kept", "dropped", "discarded", "opposing", "clusters", "silhouette"]
    ImageLayer.objects.bulk_create(
        [
            ImageLayer(
                image=image,
                revision=study.revision,
                layer=layer.name,
                depth=depth,
                fidelity=fidelity(layer),
                **{fact: getattr(layer, fact) for fact in facts},
            )
            for depth, layer in enumerate(found.layers)
        ],
        update_conflicts=True,
        unique_fields=["image", "revision", "layer"],
        update_fields=["depth", "fidelity", *facts],
    )


def _priority(region: Found, layer: LayerRegions, draw: str) -> float:
    """0 to 1: the weight relative to the layer's heaviest region of its sign, so that no layer waits for
    another, with a little randomness, so that players meet layers and images in turn."""
    heaviest = max(other.weight for other in layer.regions if other.sign == region.sign)
    return region.weight / heaviest * (1 - PRIORITY_SPREAD * random.Random(draw).random())
