from dataclasses import dataclass

from django.db.models import Count, Max

from labeling.models import Game, Label, Round
from labeling.models.game import RoundState
from labeling.points import AGREED_LABEL_POINTS


@dataclass(frozen=True, slots=True)
class Seen:
    """A label that other players gave for a region, and how many of them."""

    text: str
    players: int
    share: float
    mine: bool


def seen_by_others(round_: Round, *, most: int = 5) -> list[Seen]:
    """What others saw in the round's region, most frequent first; `share` is relative to the first."""
    mine = set(round_.labels.values_list("text", flat=True))
    others = (
        Label.objects.filter(region_id=round_.region_id)
        .exclude(round__player_id=round_.player_id)
        .values("text")
        .annotate(players=Count("round__player", distinct=True), latest=Max("pk"))
        .order_by("-players", "text")[:most]
    )
    rows = [(row["text"], row["players"]) for row in others]
    return [Seen(text, players, players / rows[0][1], text in mine) for text, players in rows]


@dataclass(frozen=True, slots=True)
class GameResult:
    """`rounds` that have ended, with the display name of each picture's class; `agreed` counts labels that
    others gave too."""

    rounds: list[tuple[Round, str]]
    points: int
    right: int
    agreed: int


def game_result(game: Game) -> GameResult:
    ended = game.rounds.exclude(state=RoundState.OPEN).order_by("number")
    rounds = list(ended.select_related("image__study", "region").prefetch_related("labels"))
    return GameResult(
        rounds=[(round_, dict(round_.options).get(round_.image.answer_class, "")) for round_ in rounds],
        points=sum(round_.points for round_ in rounds),
        right=sum(round_.correct for round_ in rounds),
        agreed=sum(round_.label_points for round_ in rounds) // AGREED_LABEL_POINTS,
    )
