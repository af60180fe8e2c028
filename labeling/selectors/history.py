"""What a player has done, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from labeling.models import Game, Label, LabelGroup, Player
from labeling.models.game import RoundState

GAMES = 12
LABELS = 30


@dataclass(frozen=True, slots=True)
class PlayedGame:
    """`points` counts what its labels have earned since."""

    key: str
    study: str
    began: datetime
    rounds: int
    right: int
    points: int
    is_open: bool


def games_of(player: Player) -> list[PlayedGame]:
    """The newest games in which at least one round has ended."""
    ended = Q(rounds__state__in=[RoundState.ANSWERED, RoundState.SKIPPED])
    games = Game.objects.filter(player=player).annotate(
        ended=Count("rounds", filter=ended), right=Count("rounds", filter=Q(rounds__correct=True))
    )
    newest = list(games.filter(ended__gt=0).select_related("study").order_by("-pk")[:GAMES])
    points = dict(
        player.ledger.filter(round__game__in=newest)
        .order_by()
        .values_list("round__game")
        .annotate(sum=Sum("points"))
    )
    return [
        PlayedGame(
            game.key,
            game.study.title,
            game.created_at,
            game.ended,
            game.right,
            points.get(game.pk, 0),
            game.finished_at is None,
        )
        for game in newest
    ]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one label: how many independent players meant the same, and the name of the group of
    labels that it went into, empty until a worker has looked."""

    label: Label
    confirmed: int
    group: str


def labels_of(player: Player) -> list[Fate]:
    """The newest labels. Of one whose round is still open there are none."""
    labels = Label.objects.filter(round__player=player).select_related(
        "round", "region__image__study", "region__image__study__network"
    )
    newest = list(
        labels.defer("region__map_indices", "region__image__study__network__class_names").order_by("-pk")[
            :LABELS
        ]
    )
    groups = _groups(newest)
    return [
        Fate(label, label.confirmed, "" if label.quarantined else _group_name(groups, label))
        for label in newest
    ]


def _groups(labels: Iterable[Label]) -> dict[tuple[int, int | None, str], str]:
    """Names of groups by study, class and a label's own normal form, which may be that of a misspelt one."""
    wanted = Q(pk__in=[])
    for study, explained in {(label.region.study_id, label.region.image.explained_class) for label in labels}:
        wanted |= Q(study=study, explained_class=explained)
    return {
        (group.study_id, group.explained_class, text): group.name
        for group in LabelGroup.objects.filter(wanted)
        for member in group.members
        for text in member.get("typed", [member["text"]])
    }


def _group_name(groups: dict[tuple[int, int | None, str], str], label: Label) -> str:
    image = label.region.image
    return groups.get((label.region.study_id, image.explained_class, label.text), "")


@dataclass(frozen=True, slots=True)
class Totals:
    """All that a player has described."""

    rounds: int
    labels: int


def totals_of(player: Player) -> Totals:
    return Totals(
        rounds=player.rounds.filter(state=RoundState.ANSWERED).count(),
        labels=Label.objects.filter(round__player=player).count(),
    )
