from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef

from labeling.models import Game, Region, Round

CONSIDERED = 24


@dataclass(frozen=True, slots=True)
class Candidate:
    """`familiar`: of an image that the player has seen whole."""

    region_id: int
    familiar: bool
    priority: float


def candidates(game: Game) -> list[Candidate]:
    """Regions with a free place that this player may see next in this game, the most wanted first.

    Never a region that the player has had, never a second region of an image in one game. Images that the
    player has not seen whole come before all others, because their class is still a real guess; then those
    of a class that the game has not had. Priority = the region's own x share of its places that are free.
    """
    own = Round.objects.filter(player_id=game.player_id)
    found = (
        Region.objects.filter(
            ~Exists(own.filter(region=OuterRef("pk"))),
            ~Exists(own.filter(game=game, image=OuterRef("image"))),
            study_id=game.study_id,
            revision=game.study.revision,
            reserved__lt=F("capacity"),
        )
        .annotate(
            image_seen=Exists(own.filter(image=OuterRef("image"))),
            class_seen=Exists(
                own.filter(game=game, image__predicted_class=OuterRef("image__predicted_class"))
            ),
        )
        .order_by("image_seen", "class_seen", "-priority")
        .values_list("pk", "image_seen", "class_seen", "priority", "reserved", "capacity")[:CONSIDERED]
    )
    rows = list(found)
    return [
        Candidate(pk, seen[0], priority * (1 - reserved / capacity))
        for pk, *seen, priority, reserved, capacity in rows
        if seen == list(rows[0][1:3])
    ]
