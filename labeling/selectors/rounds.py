from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max, Q, Sum

from labeling.models import Game, Label, LedgerEntry, Round
from labeling.models.game import RoundState
from labeling.models.reward import EntryKind
from labeling.selectors.class_names import display_name


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
        Label.objects.filter(region_id=round_.region_id, quarantined=False)
        .exclude(round__player_id=round_.player_id)
        .values("text")
        .annotate(players=Count("round__player", distinct=True), latest=Max("pk"))
        .order_by("-players", "text")[:most]
    )
    rows = [(row["text"], row["players"]) for row in others]
    return [Seen(text, players, players / rows[0][1], text in mine) for text, players in rows]


@dataclass(frozen=True, slots=True)
class Earned:
    """What one round has earned so far, corrections included."""

    guess: int = 0
    labels: int = 0
    streak: int = 0

    @property
    def total(self) -> int:
        return self.guess + self.labels + self.streak


def earned_by(rounds: Iterable[Round]) -> dict[int, Earned]:
    """By round id; rounds that have earned nothing included."""
    ids = [round_.pk for round_ in rounds]
    sums = (
        LedgerEntry.objects.filter(round__in=ids)
        .order_by()
        .values_list("round_id")
        .annotate(
            guess=Sum("points", filter=Q(kind=EntryKind.GUESS), default=0),
            labels=Sum("points", filter=~Q(kind__in=[EntryKind.GUESS, EntryKind.STREAK]), default=0),
            streak=Sum("points", filter=Q(kind=EntryKind.STREAK), default=0),
        )
    )
    found = {pk: Earned(*parts) for pk, *parts in sums}
    return {pk: found.get(pk, Earned()) for pk in ids}


@dataclass(frozen=True, slots=True)
class RoundResult:
    """An ended round, the display name of its picture's class, and what it has earned."""

    round: Round
    answer: str
    earned: Earned


@dataclass(frozen=True, slots=True)
class GameResult:
    """`agreed` counts labels that others gave too."""

    rounds: list[RoundResult]
    points: int
    right: int
    agreed: int


def game_result(game: Game) -> GameResult:
    ended = game.rounds.exclude(state=RoundState.OPEN).order_by("number")
    rounds = list(ended.select_related("image", "region").prefetch_related("labels"))
    earned = earned_by(rounds)
    return GameResult(
        rounds=[
            RoundResult(round_, display_name(game.study, round_.image.answer_name), earned[round_.pk])
            for round_ in rounds
        ],
        points=sum(part.total for part in earned.values()),
        right=sum(round_.correct for round_ in rounds),
        agreed=sum(label.confirmed > 0 for round_ in rounds for label in round_.labels.all()),
    )
