"""The list of a study's explained classes."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Exists, OuterRef, Subquery

from analysis.explanations.class_export import ClassRecord
from labeling.models import ClassExplanation, Label, Player, Study
from labeling.selectors.class_headlines import ClassHeadline, class_headline
from labeling.selectors.crowds import Crowd
from labeling.selectors.images import images_visible_to

CARD_LABELS = 3


@dataclass(frozen=True, slots=True)
class ClassCard:
    """A class, its foremost labels, its layers, shallow to deep, and the key of an image that may be shown,
    "" for none."""

    index: int
    images: int
    headline: ClassHeadline
    layers: list[str]
    image: str


def class_cards(
    study: Study, classes: Collection[int], *, player: Player | None, user: AbstractUser | AnonymousUser
) -> dict[int, ClassCard]:
    """By class, as the latest revision of each says it."""
    own = ClassExplanation.objects.filter(study=study, explained_class__in=classes)
    newest = own.filter(explained_class=OuterRef("explained_class")).order_by("-revision")
    latest = own.filter(revision=Subquery(newest.values("revision")[:1]))
    images = images_visible_to(player=player, user=user).filter(study=study, explained_class__in=classes)
    keys = dict(images.order_by("-pk").values_list("explained_class", "key"))
    return {
        index: _card(index, record, keys.get(index, ""))
        for index, record in latest.values_list("explained_class", "result")
    }


def _card(index: int, record: ClassRecord, image: str) -> ClassCard:
    layers = [layer["layer"] for layer in record["layers"]]
    return ClassCard(index, len(record["images"]), class_headline(record, most=CARD_LABELS), layers, image)


def crowd_of_study(study: Study) -> Crowd:
    """Who gave the labels that count."""
    own = Label.objects.filter(round__player=OuterRef("pk"), region__study=study, quarantined=False)
    found = Player.objects.filter(Exists(own)).values_list("simulated", flat=True)
    return Crowd(len(found), sum(found))
