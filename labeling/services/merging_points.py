"""The points of a guest who becomes part of an account. Expects the caller's transaction."""

from collections import Counter
from datetime import date

from django.db.models import F

from labeling.models import LedgerEntry, Player, Standing
from labeling.models.reward import week_of


def points_move(*, guest: Player, into: Player) -> None:
    """Move the guest's entries except those of rounds that stay with the guest, and the standings with them,
    so that both ledgers still add up to their standings."""
    LedgerEntry.objects.filter(player=guest).exclude(round__player=guest).update(player=into)
    LedgerEntry.objects.filter(other=guest).exclude(by__round__player=guest).update(other=into)
    kept = _kept(guest)
    for standing in Standing.objects.filter(player=guest):
        stays = kept.get((standing.study_id, standing.week), 0)
        _add(into, standing, standing.points - stays)
        if stays:
            Standing.objects.filter(pk=standing.pk).update(points=stays)
        else:
            standing.delete()


def _kept(guest: Player) -> Counter[tuple[int, date]]:
    kept: Counter[tuple[int, date]] = Counter()
    for entry in LedgerEntry.objects.filter(player=guest):
        kept[entry.study_id, week_of(entry.created_at.date())] += entry.points
    return kept


def _add(into: Player, standing: Standing, points: int) -> None:
    own, is_new = Standing.objects.get_or_create(
        player=into, study_id=standing.study_id, week=standing.week, defaults={"points": points}
    )
    if not is_new:
        Standing.objects.filter(pk=own.pk).update(points=F("points") + points)
