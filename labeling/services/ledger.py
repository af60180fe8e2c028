"""The ledger: the only place where points are written. Rows are added, never changed.

Every function expects the caller's transaction. A transaction that pays takes its round first, then regions,
then labels, then standings, then jobs, so that no two wait for each other; a region that is taken keeps all
others from paying for its labels.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from labeling.models import Label, LedgerEntry, Region, Standing
from labeling.models.reward import EntryKind, week_of
from labeling.points import CONFIRMERS_PAID

AGREEMENTS = (EntryKind.AGREEMENT, EntryKind.CONFIRMATION)
CHUNK = 1000  # rows in one statement


@dataclass(frozen=True, slots=True)
class Paid:
    """An agreement: what it pays after `times` corrections, and whether one of its labels is held."""

    entry: LedgerEntry
    label_id: int
    pays: int
    times: int
    is_held: bool


def entries_write(entries: Iterable[LedgerEntry]) -> None:
    """Add entries, each key once, and count them in the standings of their week.

    Once in a transaction: the standings of several players are taken in one order.
    """
    kept = list({entry.key: entry for entry in entries}.values())
    if not kept:
        return
    LedgerEntry.objects.bulk_create(kept)
    sums: dict[tuple[int, int, date], int] = defaultdict(int)
    for entry in kept:
        sums[entry.player_id, entry.study_id, week_of(entry.created_at.date())] += entry.points
    _standings_add(sums)


def _standings_add(sums: dict[tuple[int, int, date], int]) -> None:
    """Add points by player, study and week.

    One statement, which Django cannot say: its upsert overwrites where this adds. Rows are taken in one
    order, so that two players who confirm each other at once do not wait for each other.
    """
    rows = [(*whose, points) for whose, points in sorted(sums.items())]
    for start in range(0, len(rows), CHUNK):
        _upsert(rows[start : start + CHUNK])


def _upsert(rows: Sequence[tuple[int, int, date, int]]) -> None:
    table = connection.ops.quote_name(Standing._meta.db_table)
    places = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (player_id, study_id, week, points) VALUES {places} "
            "ON CONFLICT (player_id, study_id, week) "
            f"DO UPDATE SET points = {table}.points + excluded.points",
            [value for row in rows for value in row],
        )


def regions_lock(*, regions: QuerySet[Region]) -> None:
    """In one order, so that no two wait for each other."""
    list(regions.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk"))


def labels_lock(*, label_ids: Iterable[int]) -> None:
    """Take the regions of labels that are about to be held or freed. Once in a transaction, before them."""
    regions: set[int] = set()
    for some in _chunks(label_ids):
        regions.update(Label.objects.filter(pk__in=some).order_by().values_list("region", flat=True))
    for some in _chunks(regions):
        regions_lock(regions=Region.objects.filter(pk__in=some))


def agreements_correct(*, label_ids: Iterable[int]) -> int:
    """After labels went into quarantine or came out of it: take back what agreements with them have paid, to
    whoever, or pay it again. An agreement counts while neither of its labels is held; those that are paid
    again still come to three a label at most.

    Returns how many entries were corrected; run twice, it corrects nothing more. Once in a transaction.
    """
    confirmed = _confirmed(label_ids)
    counting: Counter[int] = Counter()
    corrections = []
    for some in _chunks(confirmed):
        for paid in _agreements_of(some):
            if difference := _due(paid, counting) - paid.pays:
                corrections.append(_correction(paid.entry, difference, paid.times + 1))
    entries_write(corrections)
    for pk, times in confirmed.items():
        if counting[pk] != times:
            Label.objects.filter(pk=pk).update(confirmed=counting[pk])
    return len(corrections)


def _confirmed(label_ids: Iterable[int]) -> dict[int, int]:
    """How many have confirmed each label that is among these or agrees with one of them."""
    ids = {*label_ids}
    for some in _chunks(ids.copy()):
        entries = LedgerEntry.objects.filter(Q(label__in=some) | Q(by__in=some), kind__in=AGREEMENTS)
        ids.update(entries.exclude(label=None).order_by().values_list("label", flat=True))
    confirmed: dict[int, int] = {}
    for some in _chunks(ids):
        confirmed.update(Label.objects.filter(pk__in=some).values_list("pk", "confirmed"))
    return confirmed


def _chunks(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    in_order = sorted(ids)
    return (in_order[start : start + CHUNK] for start in range(0, len(in_order), CHUNK))


def _agreements_of(label_ids: Iterable[int]) -> list[Paid]:
    """Those that pay at this moment first."""
    entries = LedgerEntry.objects.filter(label__in=label_ids, kind__in=AGREEMENTS).select_related(
        "label", "by"
    )
    corrected = entries.annotate(sum=Sum("corrections__points", default=0), times=Count("corrections"))
    found = [
        Paid(
            entry,
            label_id=entry.label.pk,
            pays=entry.points + entry.sum,
            times=entry.times,
            is_held=entry.label.quarantined or (entry.by is not None and entry.by.quarantined),
        )
        for entry in corrected
        if entry.label is not None
    ]
    return sorted(found, key=lambda paid: (paid.pays == 0, paid.entry.pk))


def _due(paid: Paid, counting: Counter[int]) -> int:
    """What the agreement is worth now; those that count are counted by label."""
    if paid.is_held or counting[paid.label_id] >= CONFIRMERS_PAID:
        return 0
    counting[paid.label_id] += 1
    return paid.entry.points


def _correction(entry: LedgerEntry, points: int, number: int) -> LedgerEntry:
    return LedgerEntry(
        player_id=entry.player_id,
        study_id=entry.study_id,
        round_id=entry.round_id,
        label_id=entry.label_id,
        by_id=entry.by_id,
        other_id=entry.other_id,
        corrects=entry,
        kind=EntryKind.CORRECTION,
        points=points,
        key=f"correction/{entry.pk}/{number}",
    )
