"""What there is to explain a class by: its images, their regions, and where objects are known to be."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from analysis.explanations.class_export import ClassRecord, class_record
from analysis.explanations.class_records import ImageEvidence
from analysis.explanations.classwide import explain_class
from analysis.explanations.local import explain_locally
from analysis.explanations.shortcuts import find_shortcuts
from analysis.explanations.trends import class_trends
from analysis.regions.archive import unpack_map
from labeling.models import Image, ImageLayer, Region, Study
from labeling.services.region_evidence import Labels, region_evidence

ALL_LABELS = 10**6


def regions_of_class(study: Study, class_index: int) -> dict[int, list[Region]]:
    """By image, from shallow to deep."""
    found: defaultdict[int, list[Region]] = defaultdict(list)
    for region in _regions(study, class_index).order_by("depth", "index"):
        found[region.image_id].append(region)
    return dict(found)


def class_of(
    study: Study, class_index: int, regions: Mapping[int, Sequence[Region]], labels: Labels
) -> ClassRecord:
    """The class explained by the labels of its regions.

    A layer of an image counts once anybody has described a region of it: what nobody has looked at yet does
    not speak for the absence of a label.
    """
    layers = _layers(study, class_index)
    images = study.images.filter(explained_class=class_index).exclude(prepared_at=None).order_by("pk")
    evidence = [
        one
        for image in images
        if (one := _evidence(image, regions.get(image.pk, ()), layers, labels)) is not None
    ]
    return class_record(
        explain_class(evidence, layers), class_trends(evidence, layers), find_shortcuts(evidence, layers)
    )


def _regions(study: Study, class_index: int) -> QuerySet[Region]:
    own = Region.objects.filter(study=study, revision=study.revision, image__explained_class=class_index)
    return own.defer("map_indices")


def _layers(study: Study, class_index: int) -> list[str]:
    """Shallow to deep; those without any region too, unless an early version of Glimpse found them."""
    own = ImageLayer.objects.filter(
        image__study=study, image__explained_class=class_index, revision=study.revision
    )
    found = {*own.order_by().values_list("depth", "layer").distinct()}
    found.update(_regions(study, class_index).order_by().values_list("depth", "layer").distinct())
    return list(dict.fromkeys(layer for _, layer in sorted(found)))


def _evidence(
    image: Image, regions: Sequence[Region], layers: Sequence[str], labels: Labels
) -> ImageEvidence | None:
    """None where nobody has described anything."""
    described = {region.layer for region in regions if region.pk in labels}
    if not described:
        return None
    own = [region for region in regions if region.layer in described]
    explanation = explain_locally(
        region_evidence(own, labels, _maps(image, own) if image.object_box else {}),
        [layer for layer in layers if layer in described],
        top=ALL_LABELS,
    )
    return ImageEvidence(
        image=image.pk,
        layers=(),
        explanation=explanation,
        box=tuple(image.object_box) if image.object_box else None,
        settled={region.pk: tuple(region.settled) for region in own if region.settled},
    )


def _maps(image: Image, regions: Sequence[Region]) -> dict[int, NDArray[np.floating]]:
    with image.maps.open("rb") as file:
        archive = file.read()
    return {region.pk: unpack_map(archive, region.layer, region.index) for region in regions}
