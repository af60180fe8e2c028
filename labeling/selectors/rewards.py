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
    ).exclude(by__quarantined=True)
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

    Players whose work is held in quarantine, and those without a name, are on nobody's board but their own,
    where they stand as if they were not.
    """
    if study.leaderboard == Leaderboard.OFF:
        return []
    week = week_of(timezone.now().date())
    held = Conduct.objects.filter(study=study, player=OuterRef("player"), quarantined=True)
    board = Standing.objects.filter(study=study, week=week, points__gt=0)
    shown = board.filter((~Exists(held) & ~Q(player__nickname="")) | Q(player=player))
    own = board.filter(player=player).select_related("player").first() if player else None
    if study.leaderboard == Leaderboard.RELATIVE:
        return _around(shown, own) if own else []
    best = _places(shown, list(_in_order(shown)[:BEST]), own)
    if own and not any(place.is_own for place in best):
        best += _places(shown, [own], own)
    return best


def _in_order(rows: QuerySet[Standing]) -> QuerySet[Standing]:
    return rows.order_by("-points", "player").select_related("player")


def _before(row: Standing) -> Q:
    return Q(points__gt=row.points) | Q(points=row.points, player__lt=row.player_id)


def _around(shown: QuerySet[Standing], own: Standing) -> list[Place]:
    """The player's own line between the nearest ones above and below."""
    lower = Q(points__lt=own.points) | Q(points=own.points, player__gt=own.player_id)
    above = list(_in_order(shown.filter(_before(own))).reverse()[:NEIGHBOURS])
    below = list(_in_order(shown.filter(lower))[:NEIGHBOURS])
    return _places(shown, [*reversed(above), own, *below], own)


def _places(shown: QuerySet[Standing], rows: list[Standing], own: Standing | None) -> list[Place]:
    """Rows that follow each other, with their ranks: what is above is counted for the first only."""
    if not rows:
        return []
    above = shown.filter(_before(rows[0])).count()
    rank = 1 + shown.filter(points__gt=rows[0].points).count()
    places: list[Place] = []
    for position, row in enumerate(rows):
        if position and row.points < rows[position - 1].points:
            rank = above + position + 1
        places.append(Place(rank, row.player.nickname, row.points, own is not None and row.pk == own.pk))
    return places
