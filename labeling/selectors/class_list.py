"""The list of a study's explained classes."""

from collections.abc import Set
from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import OuterRef, Subquery

from analysis.explanations.class_export import ClassRecord
from labeling.models import ClassExplanation, Player, Study
from labeling.selectors.images import images_visible_to

LABELS = 3


@dataclass(frozen=True, slots=True)
class ClassCard:
    """A class, the labels with the highest scores, and the key of an image that may be shown, "" for none."""

    index: int
    images: int
    labels: list[str]
    image: str


def class_cards(
    study: Study, visible: Set[int], *, player: Player | None, user: AbstractUser | AnonymousUser
) -> list[ClassCard]:
    own = ClassExplanation.objects.filter(study=study, explained_class__in=visible)
    newest = own.filter(explained_class=OuterRef("explained_class")).order_by("-revision")
    latest = own.filter(revision=Subquery(newest.values("revision")[:1]))
    images = images_visible_to(player=player, user=user).filter(study=study).order_by("-pk")
    keys = dict(images.values_list("explained_class", "key"))
    return [
        ClassCard(index, len(record["images"]), _labels(record), keys.get(index, ""))
        for index, record in latest.values_list("explained_class", "result")
    ]


def _labels(record: ClassRecord) -> list[str]:
    """By the sum of their scores over the layers."""
    sums: dict[tuple[int, str], float] = {}
    for label in (label for layer in record["layers"] for label in layer["supporting"]):
        key = label["group"], label["name"]
        sums[key] = sums.get(key, 0.0) + label["score"]
    return [name for _, name in sorted(sums, key=lambda key: (-sums[key], key[1]))[:LABELS]]
