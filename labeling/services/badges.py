"""Badges: what a player has done for the first time. Looked at when a game ends."""

from django.db.models import Count, Max, Q

from labeling.models import Badge, Game, Label, LedgerEntry, Player, Round
from labeling.models.game import RoundState
from labeling.models.reward import BadgeKind, EntryKind
from labeling.points import MOST_FOR_LABEL

FEWEST_FOR_FULL_HOUSE = 5
KINDRED_LABELS = 10
STEADY_DAYS = 7
RARE_POINTS = MOST_FOR_LABEL - 2


def badges_award(*, player: Player, game: Game) -> None:
    """Give what has been earned and not been given; expects the caller's transaction."""
    had = set(player.badges.values_list("kind", flat=True))
    if missing := set(BadgeKind.values) - had:
        earned = _earned(player, game) & missing
        Badge.objects.bulk_create(
            [Badge(player=player, kind=kind) for kind in BadgeKind.values if kind in earned],
            ignore_conflicts=True,
        )


def _earned(player: Player, game: Game) -> set[str]:
    answered = Count("pk", filter=Q(state=RoundState.ANSWERED))
    sharp = Count("pk", filter=Q(correct=True, level=0))
    streak = Max("player__streak_days", default=0)  # the answer may just have counted the day
    own = Round.objects.filter(player=player).order_by()
    all_rounds = own.aggregate(answered=answered, sharp=sharp, streak=streak)
    of_game = game.rounds.order_by().aggregate(played=Count("pk"), right=Count("pk", filter=Q(correct=True)))
    rare = LedgerEntry.objects.filter(
        player=player, kind__in=[EntryKind.AGREEMENT, EntryKind.CONFIRMATION], points__gte=RARE_POINTS
    )
    kindred = Label.objects.filter(round__player=player, confirmed__gt=0)[:KINDRED_LABELS]
    done = {
        BadgeKind.FIRST_GLIMPSE: all_rounds["answered"] >= 1,
        BadgeKind.SHARP_EYE: all_rounds["sharp"] >= 1,
        BadgeKind.FULL_HOUSE: of_game["right"] == of_game["played"] >= FEWEST_FOR_FULL_HOUSE,
        BadgeKind.KINDRED: kindred.count() >= KINDRED_LABELS,
        BadgeKind.RARE_WORD: rare.exists(),
        BadgeKind.STEADY: all_rounds["streak"] >= STEADY_DAYS,
        BadgeKind.HUNDRED: all_rounds["answered"] >= 100,
    }
    return {kind for kind, is_done in done.items() if is_done}
