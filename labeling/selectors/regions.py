"""Which regions a player may see next. Each question is one walk along an index, by falling priority."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, QuerySet

from labeling.models import Game, Region, Round

CONSIDERED = 24


@dataclass(frozen=True, slots=True)
class Candidate:
    """`options` are the image's. `familiar`: of an image that the player has seen whole. `gold`: settled, so
    that it needs nobody."""

    region_id: int
    image_id: int
    options: list[int]
    priority: float
    familiar: bool = False
    gold: bool = False


def candidates(game: Game, images_had: Collection[int]) -> list[Candidate]:
    """Regions in play that this player may see next in this game, the most wanted first.

    Never a region that the player has had, never an image of `images_had`, those of the game. Images that the
    player has not seen come before all others, because their class is still a real guess. Priority = the
    region's own x share of its places that are free x what its players do not yet agree on.
    """
    in_play = _of_study(game).filter(reserved__lt=F("capacity"), retired_at=None)
    own = Round.objects.filter(player_id=game.player_id).order_by()  # read once, not for every region
    fresh = in_play.exclude(image__in=own.values("image"))
    return _wanted(fresh, images_had, familiar=False) or _wanted(
        in_play.exclude(pk__in=own.values("region")), images_had, familiar=True
    )


def gold_candidates(game: Game) -> list[Candidate]:
    """Settled regions of images that the player has not seen, as they look like any other round."""
    own = Round.objects.filter(player_id=game.player_id).order_by()
    settled = _of_study(game).filter(gold=True).exclude(image__in=own.values("image"))
    rows = settled.order_by("-priority").values_list("pk", "image_id", "image__options", "priority")[
        :CONSIDERED
    ]
    return [Candidate(*row, gold=True) for row in rows]


def _of_study(game: Game) -> QuerySet[Region]:
    return Region.objects.filter(study_id=game.study_id, revision=game.study.revision)


def _wanted(regions: QuerySet[Region], images_had: Collection[int], *, familiar: bool) -> list[Candidate]:
    rows = regions.exclude(image__in=images_had).order_by("-priority")
    columns = rows.values_list(
        "pk", "image_id", "image__options", "priority", "reserved", "capacity", "agreement"
    )
    return [
        Candidate(pk, image, options, priority * (1 - reserved / capacity) * (1 - (agreement or 0)), familiar)
        for pk, image, options, priority, reserved, capacity, agreement in columns[:CONSIDERED]
    ]
