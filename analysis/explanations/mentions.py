"""Who is where: the labels of all images of a class, one mention for each region that carries one."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.explanations.class_records import ImageEvidence
from analysis.explanations.export import RegionRecord
from analysis.explanations.records import ExplainedLabel, ExplainedRegion, LocalExplanation, Sign

_TIE = 1e-9  # relative, as for the best labels that merge regions


@dataclass(frozen=True, slots=True, eq=False)
class NamedRegion:
    """A region of an image with the labels that somebody trusted gave it; `map` is None in a plain record."""

    image: int
    layer: str
    region_ids: tuple[int, ...]
    weight: float
    sign: Sign
    labels: tuple[ExplainedLabel, ...]
    map: NDArray[np.float64] | None

    def leading(self) -> frozenset[int]:
        """Groups of the best labels, ties kept."""
        best = max((label.score for label in self.labels), default=0.0)
        return frozenset(
            label.group for label in self.labels if math.isclose(label.score, best, rel_tol=_TIE)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """A label of a region; it `leads` where no label of the region has a higher score."""

    region: NamedRegion
    label: ExplainedLabel
    leads: bool


def in_order(images: Iterable[ImageEvidence], layers: Sequence[str]) -> list[ImageEvidence]:
    """By number, so that sums do not depend on the order in which images are given.

    Raises:
        ValueError: an image twice, a layer twice, or an image with a layer that is not among `layers`.
    """
    ordered = sorted(images, key=lambda image: image.image)
    if len({image.image for image in ordered}) != len(ordered):
        raise ValueError("each image of a class may be given once")
    if len(set(layers)) != len(layers):
        raise ValueError("each layer may be named once")
    if unknown := {layer for image in ordered for layer in layers_of(image)} - set(layers):
        raise ValueError(f"images of unknown layers: {', '.join(sorted(unknown))}")
    return ordered


def layers_of(image: ImageEvidence) -> frozenset[str]:
    """Names of the layers that an image was computed for, with regions or not."""
    if isinstance(image.explanation, LocalExplanation):
        return frozenset(image.layers).union(layer.layer for layer in image.explanation.layers)
    return frozenset(image.layers).union(layer["layer"] for layer in image.explanation["layers"])


def regions_of(image: ImageEvidence) -> list[NamedRegion]:
    """All regions of an image by layer's name and region ids, labelled or not.

    Raises:
        ValueError: a weight or score that is negative or no number.
    """
    if isinstance(image.explanation, LocalExplanation):
        found = [
            _from_explained(image.image, layer.layer, region)
            for layer in image.explanation.layers
            for region in layer.regions
        ]
    else:
        found = [
            _from_record(image.image, layer["layer"], region)
            for layer in image.explanation["layers"]
            for region in layer["regions"]
        ]
    return sorted(found, key=lambda region: (region.layer, region.region_ids))


def mentions(images: Iterable[ImageEvidence]) -> Iterator[Mention]:
    """Every label of every region, in the order of the images; a label that only people without trust gave
    has a score of 0 and is no mention."""
    for image in images:
        for region in regions_of(image):
            leading = region.leading()
            for label in region.labels:
                yield Mention(region, label, label.group in leading)


def names(found: Iterable[Mention]) -> dict[int, str]:
    """Of each group the name that most regions show, then the first in the alphabet: explanations of other
    revisions may call it otherwise."""
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for mention in found:
        own = counts[mention.label.group]
        own[mention.label.name] = own.get(mention.label.name, 0) + 1
    return {group: min(own, key=lambda name: (-own[name], name)) for group, own in counts.items()}


def by_group(found: Iterable[Mention]) -> Mapping[int, list[Mention]]:
    """Mentions of each group, in their order."""
    grouped: defaultdict[int, list[Mention]] = defaultdict(list)
    for mention in found:
        grouped[mention.label.group].append(mention)
    return grouped


def _from_explained(image: int, layer: str, region: ExplainedRegion) -> NamedRegion:
    return _named(image, layer, region.region_ids, region.weight, region.sign, region.labels, region.map)


def _from_record(image: int, layer: str, region: RegionRecord) -> NamedRegion:
    labels = [
        ExplainedLabel(
            label["group"], label["name"], label["score"], label["players"], tuple(label["examples"])
        )
        for label in region["labels"]
    ]
    return _named(image, layer, region["region_ids"], region["weight"], region["sign"], labels, None)


def _named(
    image: int,
    layer: str,
    region_ids: Sequence[int],
    weight: float,
    sign: Sign,
    labels: Sequence[ExplainedLabel],
    region_map: NDArray[np.float64] | None,
) -> NamedRegion:
    numbers = [weight, *(label.score for label in labels)]
    if not all(math.isfinite(number) and number >= 0 for number in numbers):
        raise ValueError(f"weights and scores of image {image} must be finite and not negative")
    kept = sorted((label for label in labels if label.score > 0), key=lambda label: label.group)
    return NamedRegion(image, layer, tuple(region_ids), float(weight), sign, tuple(kept), region_map)
