"""The ledger: the only place where points are written. Rows are added, never changed.

Every function expects the caller's transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Count, Q, Sum
from django.utils import timezone

from labeling.models import LedgerEntry, Standing
from labeling.models.reward import EntryKind, week_of

AGREEMENTS = (EntryKind.AGREEMENT, EntryKind.CONFIRMATION)


def entries_write(entries: Iterable[LedgerEntry]) -> None:
    """Add entries, each key once, and count them in this week's standings."""
    kept = list({entry.key: entry for entry in entries}.values())
    if not kept:
        return
    LedgerEntry.objects.bulk_create(kept)
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for entry in kept:
        sums[entry.player_id, entry.study_id] += entry.points
    standings_add(sums)


def standings_add(sums: dict[tuple[int, int], int]) -> None:
    """Add points by (player, study) to this week's standings.

    One statement, which Django cannot say: its upsert overwrites where this adds. Rows are taken in one
    order, so that two players who confirm each other at once do not wait for each other.
    """
    week = week_of(timezone.now().date())
    rows = [(study, player, week, points) for (player, study), points in sorted(sums.items())]
    table = connection.ops.quote_name(Standing._meta.db_table)
    places = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (study_id, player_id, week, points) VALUES {places} "
            "ON CONFLICT (player_id, study_id, week) "
            f"DO UPDATE SET points = {table}.points + excluded.points",
            [value for row in rows for value in row],
        )


def agreements_correct(*, label_ids: Sequence[int]) -> int:
    """After labels went into quarantine or came out of it: take back what agreements with them have paid, to
    whoever, or pay it again. An agreement counts while neither of its labels is held.

    Returns how many entries were corrected; run twice, it corrects nothing more.
    """
    concerned = LedgerEntry.objects.filter(Q(label__in=label_ids) | Q(by__in=label_ids), kind__in=AGREEMENTS)
    agreements = concerned.select_related("label", "by").annotate(
        corrected=Sum("corrections__points", default=0), times=Count("corrections")
    )
    corrections = [
        LedgerEntry(
            player_id=entry.player_id,
            study_id=entry.study_id,
            round_id=entry.round_id,
            label_id=entry.label_id,
            by_id=entry.by_id,
            other_id=entry.other_id,
            corrects=entry,
            kind=EntryKind.CORRECTION,
            points=difference,
            key=f"correction/{entry.pk}/{entry.times + 1}",
        )
        for entry in agreements.order_by("pk")
        if (difference := _due(entry) - entry.points - entry.corrected)
    ]
    entries_write(corrections)
    return len(corrections)


def _due(entry: LedgerEntry) -> int:
    is_held = any(label is not None and label.quarantined for label in (entry.label, entry.by))
    return 0 if is_held else entry.points
