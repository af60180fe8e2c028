"""One image told from its shallowest layer to its deepest: which label leads, which come, stay and go."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.explanations.class_records import ImageEvidence
from analysis.explanations.export import LocalRecord
from analysis.explanations.mentions import NamedRegion, mentions, names, regions_of
from analysis.explanations.records import LocalExplanation, Sign


@dataclass(frozen=True, slots=True)
class Leading:
    """The best label of the heaviest named region of a layer."""

    group: int
    name: str
    region_ids: tuple[int, ...]
    weight: float
    score: float


@dataclass(frozen=True, slots=True)
class Chapter:
    """One layer. The three sets of groups, each ascending, are against the last layer before it with words.

    Attributes:
        layer: its name.
        depth: 0 for the shallowest layer, 1 for the deepest; 0 where there is one only.
        leading: None where nobody named anything.
        appear: groups that are here and were not there; in the first layer with words, all.
        persist: groups that are in both.
        vanish: groups that were there and are not here. A layer without words lets nothing vanish: that
            nobody has said anything of it yet says nothing about the network.
    """

    layer: str
    depth: float
    leading: Leading | None
    appear: tuple[int, ...]
    persist: tuple[int, ...]
    vanish: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PathStep:
    """A region of a layer that carries the label."""

    layer: str
    region_ids: tuple[int, ...]
    weight: float
    score: float


@dataclass(frozen=True, slots=True)
class LabelPath:
    """One label through the layers, shallow to deep, in a layer the heaviest region first."""

    group: int
    name: str
    steps: tuple[PathStep, ...]


def story(explanation: LocalExplanation | LocalRecord, sign: Sign = "supports") -> tuple[Chapter, ...]:
    """A chapter for each layer of the explanation, shallow to deep, of the regions of one sign.

    Labels that only people without trust gave, with a score of 0, are left out.
    """
    layers = _layers(explanation, sign)
    chapters: list[Chapter] = []
    before: frozenset[int] = frozenset()
    for place, (layer, regions) in enumerate(layers):
        here = frozenset(label.group for region in regions for label in region.labels)
        chapters.append(
            Chapter(
                layer=layer,
                depth=place / max(len(layers) - 1, 1),
                leading=_leading(regions),
                appear=tuple(sorted(here - before)),
                persist=tuple(sorted(here & before)),
                vanish=tuple(sorted(before - here)) if here else (),
            )
        )
        before = here or before
    return tuple(chapters)


def label_paths(
    explanation: LocalExplanation | LocalRecord, sign: Sign = "supports"
) -> tuple[LabelPath, ...]:
    """Where each label is met, by the label's name, then group."""
    called = names(mentions([ImageEvidence(0, (), explanation)]))
    steps: defaultdict[int, list[PathStep]] = defaultdict(list)
    for layer, regions in _layers(explanation, sign):
        for region in regions:
            for label in region.labels:
                steps[label.group].append(PathStep(layer, region.region_ids, region.weight, label.score))
    paths = [LabelPath(group, called[group], tuple(own)) for group, own in steps.items()]
    return tuple(sorted(paths, key=lambda path: (path.name, path.group)))


def _layers(
    explanation: LocalExplanation | LocalRecord, sign: Sign
) -> Sequence[tuple[str, list[NamedRegion]]]:
    """Shallow to deep, regions by descending weight."""
    found: dict[str, list[NamedRegion]] = {layer: [] for layer in reversed(list(_names(explanation)))}
    for region in regions_of(ImageEvidence(0, (), explanation)):
        if region.sign == sign:
            found[region.layer].append(region)
    return [
        (layer, sorted(own, key=lambda one: (-one.weight, one.region_ids))) for layer, own in found.items()
    ]


def _names(explanation: LocalExplanation | LocalRecord) -> Iterator[str]:
    if isinstance(explanation, LocalExplanation):
        yield from (layer.layer for layer in explanation.layers)
    else:
        yield from (layer["layer"] for layer in explanation["layers"])


def _leading(regions: Sequence[NamedRegion]) -> Leading | None:
    """Of labels tied for the best, the first in the alphabet."""
    region = next((region for region in regions if region.labels), None)
    if region is None:
        return None
    groups = region.leading()
    best = min(
        (label for label in region.labels if label.group in groups),
        key=lambda label: (label.name, label.group),
    )
    return Leading(best.group, best.name, region.region_ids, region.weight, best.score)
