"""Points that go from one player to another: to an account, or to somebody without a name.

Expects the caller's transaction, in which the rounds of both are locked: nobody is paid meanwhile.
"""

from collections import Counter
from datetime import date

from django.db.models import QuerySet

from labeling.models import LedgerEntry, Player, Standing
from labeling.models.reward import week_of


def entries_hand_over(*, entries: QuerySet[LedgerEntry], giver: Player, to: Player) -> None:
    """Move a player's entries, and the standings with them, so that both still add up."""
    own = entries.filter(player=giver)
    studies = set(own.values_list("study", flat=True))
    own.update(player=to)
    for study_id in sorted(studies):
        for player in sorted((giver, to), key=lambda player: player.pk):
            _recount(player, study_id)


def entries_delete(*, player: Player, study_id: int) -> None:
    """Delete a player's entries of a study, and what they came to."""
    LedgerEntry.objects.filter(player=player, study=study_id).delete()
    _recount(player, study_id)


def _recount(player: Player, study_id: int) -> None:
    """The standings of a study from the ledger."""
    entries = LedgerEntry.objects.filter(player=player, study=study_id)
    sums: Counter[date] = Counter()
    for created_at, points in entries.values_list("created_at", "points"):
        sums[week_of(created_at.date())] += points
    standings = Standing.objects.filter(player=player, study=study_id)
    standings.exclude(week__in=list(sums)).delete()
    for week, points in sums.items():
        standings.update_or_create(player=player, study_id=study_id, week=week, defaults={"points": points})
