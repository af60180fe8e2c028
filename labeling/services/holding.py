"""Labels into quarantine and out of it, and everything that follows. Each expects the caller's transaction.

A held label counts nowhere: its agreements are taken back, its class is explained without it, and a place at
a region that gave nothing but held labels is free for somebody else. The caller locks all labels' regions
first (`labels_lock`), as players are paid there at the same time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db.models import F, QuerySet

from labeling.models import Image, Label, Region, Round, Study
from labeling.models.game import RoundState
from labeling.models.job import JobKind
from labeling.services.jobs import jobs_queue, jobs_request
from labeling.services.ledger import agreements_correct
from labeling.services.rounds import place_take

CHUNK = 500  # ids in one statement


def quarantine_lock(*, study_id: int) -> Study:
    """One at a time changes what a study holds: a researcher, or the judging of its quality."""
    return Study.objects.select_for_update(no_key=True).get(pk=study_id)


def labels_hold(*, label_ids: Iterable[int], reasons: Sequence[str]) -> list[int]:
    """Hold labels for these reasons, except those that a researcher has released. Returns those not held
    before; their consequences are the caller's to draw."""
    new: list[int] = []
    for ids in _chunks(label_ids):
        labels = Label.objects.filter(pk__in=ids, released=False)
        new += labels.filter(quarantined=False).order_by("pk").values_list("pk", flat=True)
        labels.update(quarantined=True, reasons=list(reasons))
    return new


def labels_free(*, label_ids: Iterable[int]) -> list[int]:
    """Let labels count again; their reasons stay as a record. Returns those that were held."""
    freed: list[int] = []
    for ids in _chunks(label_ids):
        held = Label.objects.filter(pk__in=ids, quarantined=True)
        freed += held.order_by("pk").values_list("pk", flat=True)
        held.update(quarantined=False)
    return freed


def labels_moved(*, study_id: int, label_ids: Iterable[int]) -> None:
    """Draw the consequences for labels that are now held, or free again."""
    moved = list(label_ids)
    agreements_correct(label_ids=moved)
    classes: set[int] = set()
    for ids in _chunks(moved):
        _places_release(ids)
        _places_take(ids)
        classes |= _classes(Image.objects.filter(rounds__labels__in=ids))
    if classes:
        jobs_request(study_id=study_id, kind=JobKind.EXPLANATIONS, subjects=sorted(classes))


def players_believed(*, study_id: int, players: Iterable[int]) -> None:
    """Have classes explained anew of which these said something, as it counts for more or less than before.
    What they said means what it did: no label waits for that."""
    classes: set[int] = set()
    for some in _chunks(players):
        said = Round.objects.filter(player__in=some, labels__quarantined=False)
        classes |= _classes(Image.objects.filter(study=study_id, pk__in=said.values("image")))
    jobs_queue(study_id=study_id, kind=JobKind.CLASSES, subjects=sorted(classes))


def _classes(images: QuerySet[Image]) -> set[int]:
    explained = images.order_by().values_list("explained_class", flat=True).distinct()
    return {index for index in explained if index is not None}


def _places_release(label_ids: Sequence[int]) -> None:
    """Give back the places of answers whose labels are all held now."""
    answered = Round.objects.filter(labels__in=label_ids, state=RoundState.ANSWERED, holds_place=True)
    useless = answered.exclude(labels__quarantined=False).distinct()
    regions: Counter[int] = Counter()
    for round_id, region_id in useless.order_by("pk").values_list("pk", "region_id"):
        if Round.objects.filter(pk=round_id, holds_place=True).update(holds_place=False):
            regions[region_id] += 1
    for times in set(regions.values()):
        released = [region_id for region_id, count in regions.items() if count == times]
        Region.objects.filter(pk__in=released).update(reserved=F("reserved") - times)


def _places_take(label_ids: Sequence[int]) -> None:
    """Let answers that count again take a place where one is free; else they stay as surplus."""
    free = Label.objects.filter(pk__in=label_ids, quarantined=False)
    answered = Round.objects.filter(labels__in=free, state=RoundState.ANSWERED, holds_place=False, gold=False)
    for round_id, region_id in answered.distinct().order_by("pk").values_list("pk", "region_id"):
        if place_take(region_id):
            Round.objects.filter(pk=round_id).update(holds_place=True)


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    iterator = iter(ids)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
