"""What a player has reached, and where that stands among others. All of it is summed from the ledger."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from labeling.models import Conduct, LedgerEntry, Player, Standing, Study
from labeling.models.reward import EntryKind, week_of
from labeling.models.study import Leaderboard
from labeling.points import level_begins, level_of

BEST = 10
NEIGHBOURS = 3
NOTICES = 5


@dataclass(frozen=True, slots=True)
class Score:
    """Points of all studies; `done` is the share of the way from this level to the next, 0 to 1."""

    points: int
    level: int
    next_level_at: int
    done: float


def score_of(player: Player) -> Score:
    points: int = player.standings.aggregate(sum=Sum("points", default=0))["sum"]
    level = level_of(points)
    begins, ends = level_begins(level), level_begins(level + 1)
    return Score(points, level, ends, max(0.0, (points - begins) / (ends - begins)))


@dataclass(frozen=True, slots=True)
class Notice:
    """That `people` have seen a player's label too, and what that has earned."""

    text: str
    people: int
    points: int


@dataclass(frozen=True, slots=True)
class News:
    """What a player has not been told of, up to a ledger entry."""

    notices: list[Notice]
    up_to: int

    @property
    def points(self) -> int:
        return sum(notice.points for notice in self.notices)


def news_for(player: Player) -> News:
    """Confirmations since the player was last told, summed by label, the best first."""
    entries = LedgerEntry.objects.filter(
        player=player, kind=EntryKind.CONFIRMATION, pk__gt=player.told_up_to, label__quarantined=False
    )
    summed: dict[int, Notice] = {}
    newest = player.told_up_to
    for entry_id, label_id, raw, points in entries.values_list("pk", "label_id", "label__raw", "points"):
        before = summed.get(label_id, Notice(raw, 0, 0))
        summed[label_id] = Notice(raw, before.people + 1, before.points + points)
        newest = max(newest, entry_id)
    best = sorted(summed.values(), key=lambda notice: -notice.points)
    return News(best[:NOTICES], newest)


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a leaderboard; equal points share a rank."""

    rank: int
    nickname: str
    points: int
    is_own: bool


def leaderboard(study: Study, player: Player | None) -> list[Place]:
    """This week's best, or only the player's neighbours, or nothing, as the study says.

    Players whose work is held in quarantine, and those without a name, are on nobody's board but their own.
    """
    week = week_of(timezone.now().date())
    held = Conduct.objects.filter(study=study, player=OuterRef("player"), quarantined=True)
    board = Standing.objects.filter(study=study, week=week, points__gt=0)
    public = board.filter(~Exists(held)).exclude(player__nickname="")
    own = board.filter(player=player).select_related("player").first() if player else None
    if study.leaderboard == Leaderboard.OFF:
        return []
    if study.leaderboard == Leaderboard.RELATIVE:
        return _around(public, own) if own else []
    best = _places(public, list(_in_order(public)[:BEST]), own)
    if own and not any(place.is_own for place in best):
        best += _places(public, [own], own)
    return best


def _in_order(rows: QuerySet[Standing]) -> QuerySet[Standing]:
    return rows.order_by("-points", "player").select_related("player")


def _around(public: QuerySet[Standing], own: Standing) -> list[Place]:
    """The player's own line between the nearest ones above and below."""
    higher = Q(points__gt=own.points) | Q(points=own.points, player__lt=own.player_id)
    lower = Q(points__lt=own.points) | Q(points=own.points, player__gt=own.player_id)
    above = list(_in_order(public.filter(higher)).reverse()[:NEIGHBOURS])
    below = list(_in_order(public.filter(lower))[:NEIGHBOURS])
    return _places(public, [*reversed(above), own, *below], own)


def _places(public: QuerySet[Standing], rows: list[Standing], own: Standing | None) -> list[Place]:
    """Rows that follow each other, with their ranks: only the first is counted for."""
    places: list[Place] = []
    rank = 0
    for position, row in enumerate(rows):
        if position == 0:
            rank = public.filter(points__gt=row.points).count() + 1
        elif row.points < rows[position - 1].points:
            rank = places[0].rank + position
        places.append(Place(rank, row.player.nickname, row.points, own is not None and row.pk == own.pk))
    return places
