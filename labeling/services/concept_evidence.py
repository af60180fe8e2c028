"""What concept tests of a class are made from: its photographs, regions and labels. Loads torch."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from analysis.explanations.concept_activations import PhotoRegions, collect
from analysis.explanations.concept_evidence import LabelledRegions, LayerEvidence
from analysis.explanations.concept_settings import ConceptSettings
from analysis.explanations.concepts import is_testable
from analysis.networks.photos import PhotoError
from analysis.regions.archive import ArchiveError, unpack_map
from labeling.models import Image, Region, Study
from labeling.selectors.described import Described, Labels
from labeling.services.measures import OTHER_NETWORK
from labeling.services.networks import network_load
from labeling.services.photographs import photo_read

MOST_IMAGES = 100
UNREADABLE = "The photograph {name} or its file of regions cannot be read. {error}"


class ConceptsError(ValueError):
    """Concepts that cannot be tested, with a sentence for the researcher."""


def concept_images(study: Study, class_index: int, said: Sequence[Described]) -> list[Image]:
    """At most `MOST_IMAGES` of the class: those that people described first, then in an order that says
    nothing of what they show."""
    described = {one.image for one in said if one.layers}
    prepared = study.images.filter(explained_class=class_index).exclude(prepared_at=None)
    ordered = sorted(prepared, key=lambda image: (image.pk not in described, _lot(study, image)))
    return sorted(ordered[:MOST_IMAGES], key=lambda image: image.pk)


def concept_evidence(
    study: Study,
    images: Sequence[Image],
    said: Sequence[Described],
    labels: Labels,
    chosen: ConceptSettings,
) -> list[LayerEvidence]:
    """Of every layer that has labels, shallow to deep; where a layer has none that can be tested, its network
    does not run and the numbers are missing.

    Raises:
        ConceptsError, NetworkError: see `concepts_test`.
    """
    carried = {
        region: groups for one in said for own in one.layers.values() for region, groups in own.items()
    }
    own = Region.objects.filter(image__in=images, revision=study.revision, pk__in=carried)
    regions = list(own.order_by("depth", "pk"))
    layers = [layer for layer in dict.fromkeys(region.layer for region in regions) if labels.get(layer)]
    bare = [_bare(layer, images, regions, carried, labels[layer]) for layer in layers]
    needed = [one.layer for one in bare if any(is_testable(one, label, chosen) for label in one.labels)]
    if not needed:
        return bare
    network = network_load(study.network)
    if any(image.network_digest != network.digest for image in images):
        raise ConceptsError(OTHER_NETWORK)
    photos = _photos(images, [region for region in regions if region.layer in needed])
    found = collect(network, photos, needed, at_once=settings.GLIMPSE_BATCH_SIZE)
    return [
        replace(
            one,
            regions=found[one.layer].regions,
            images=found[one.layer].images,
            vectors=found[one.layer].vectors,
            class_images=found[one.layer].photos,
            gradients=found[one.layer].gradients,
        )
        if one.layer in needed
        else one
        for one in bare
    ]


def _lot(study: Study, image: Image) -> str:
    return hashlib.sha256(f"{study.seed}/{image.sha256}".encode()).hexdigest()


def _bare(
    layer: str,
    images: Sequence[Image],
    regions: Sequence[Region],
    carried: Mapping[int, frozenset[int]],
    labels: Mapping[int, str],
) -> LayerEvidence:
    """Who carries what, without what the network does there."""
    own = [region for region in regions if region.layer == layer]
    return LayerEvidence(
        layer=layer,
        regions=np.array([region.pk for region in own], np.int64),
        images=np.array([region.image_id for region in own], np.int64),
        vectors=np.empty((len(own), 0)),
        class_images=np.array([image.pk for image in images], np.int64),
        gradients=np.empty((len(images), 0)),
        labels=[
            LabelledRegions(
                group, name, frozenset(region.pk for region in own if group in carried[region.pk])
            )
            for group, name in sorted(labels.items())
        ],
    )


def _photos(images: Sequence[Image], regions: Sequence[Region]) -> Iterator[PhotoRegions]:
    for image in images:
        try:
            yield _photo(image, [region for region in regions if region.image_id == image.pk])
        except (PhotoError, ArchiveError, OSError) as error:
            raise ConceptsError(UNREADABLE.format(name=image.name, error=error)) from error


def _photo(image: Image, regions: Sequence[Region]) -> PhotoRegions:
    assert image.explained_class is not None  # it is prepared
    with image.maps.open("rb") as file:
        archive = file.read()
    maps: dict[str, dict[int, NDArray[np.float32]]] = {}
    for region in regions:
        maps.setdefault(region.layer, {})[region.pk] = unpack_map(archive, region.layer, region.index)
    return PhotoRegions(image.pk, photo_read(image).image, image.explained_class, maps)
