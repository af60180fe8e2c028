"""Which regions of a class's images people described, and by which groups of labels, as last explained."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery

from analysis.explanations.class_export import ClassRecord
from analysis.explanations.export import LocalRecord
from labeling.models import ClassExplanation, Explanation, Study

LABELS_A_LAYER = 5
Labels = Mapping[str, Mapping[int, str]]
"""By layer the names of groups, by their number."""


@dataclass(frozen=True, slots=True)
class Described:
    """What people said of one image.

    Attributes:
        explanation: the latest explanation's own number.
        image: the image's.
        layers: by layer, by supporting region that somebody described, the groups of its labels by number.
        names: of these groups.
    """

    explanation: int
    image: int
    layers: Mapping[str, Mapping[int, frozenset[int]]]
    names: Mapping[int, str] = field(default_factory=dict)


def described_images(study: Study, class_index: int) -> list[Described]:
    """Images of the class that have an explanation, by number."""
    explanations = Explanation.objects.filter(image__study=study, image__explained_class=class_index)
    newest = Explanation.objects.filter(image=OuterRef("image")).order_by("-revision").values("pk")[:1]
    latest = explanations.filter(pk=Subquery(newest))
    return [
        _described(explanation.pk, explanation.image_id, explanation.result)
        for explanation in latest.order_by("image")
    ]


def frequent_labels(study: Study, class_index: int, said: Iterable[Described]) -> Labels:
    """By layer the groups that stand for the class, by number with their names.

    Those of its latest explanation; where it has none, those that most regions of a layer carry.
    """
    latest = study.class_explanations.filter(explained_class=class_index).order_by("-revision").first()
    return _most_carried(list(said)) if latest is None else _listed(latest)


def _described(explanation: int, image: int, record: LocalRecord) -> Described:
    layers: defaultdict[str, dict[int, frozenset[int]]] = defaultdict(dict)
    names: dict[int, str] = {}
    for layer in record["layers"]:
        for region in layer["regions"]:
            labels = [label for label in region["labels"] if label["score"] > 0]
            if region["sign"] == "supports" and labels:
                names |= {label["group"]: label["name"] for label in labels}
                groups = frozenset(label["group"] for label in labels)
                layers[layer["layer"]] |= dict.fromkeys(region["region_ids"], groups)
    return Described(explanation, image, dict(layers), names)


def _listed(explanation: ClassExplanation) -> dict[str, dict[int, str]]:
    record: ClassRecord = explanation.result
    return {
        layer["layer"]: {label["group"]: label["name"] for label in layer["supporting"]}
        for layer in record["layers"]
    }


def _most_carried(said: Sequence[Described]) -> Labels:
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    names: dict[int, str] = {}
    for image in said:
        names |= image.names
        for layer, regions in image.layers.items():
            counts[layer].update(group for groups in regions.values() for group in groups)
    return {
        layer: {group: names[group] for group, _ in sorted(own.items(), key=_by_count)[:LABELS_A_LAYER]}
        for layer, own in counts.items()
    }


def _by_count(counted: tuple[int, int]) -> tuple[int, int]:
    group, count = counted
    return -count, group
