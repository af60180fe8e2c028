"""What researchers decide about labels and players. It stands above all signals and can be taken back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import QuerySet

from labeling.models import Conduct, Label
from labeling.models.conduct import Verdict
from labeling.models.job import JobKind
from labeling.reasons import BY_VERDICT, RESEARCHER, is_decided
from labeling.services.holding import labels_free, labels_hold, labels_moved, quarantine_lock
from labeling.services.jobs import jobs_request
from labeling.services.ledger import labels_lock


@transaction.atomic
def labels_quarantine(*, labels: QuerySet[Label]) -> int:
    """Hold labels until a researcher releases them. Returns how many were not held before."""
    moved = 0
    for study_id, ids in _by_study(labels):
        quarantine_lock(study_id=study_id)
        labels_lock(label_ids=ids)
        Label.objects.filter(pk__in=ids).update(released=False)
        held = labels_hold(label_ids=ids, reasons=[RESEARCHER])
        labels_moved(study_id=study_id, label_ids=held)
        moved += len(held)
    return moved


@transaction.atomic
def labels_release(*, labels: QuerySet[Label]) -> int:
    """Let labels count, whatever the signals say. Returns how many were held."""
    moved = 0
    for study_id, ids in _by_study(labels):
        quarantine_lock(study_id=study_id)
        labels_lock(label_ids=ids)
        Label.objects.filter(pk__in=ids).update(released=True)
        freed = labels_free(label_ids=ids)
        labels_moved(study_id=study_id, label_ids=freed)
        moved += len(freed)
    return moved


@transaction.atomic
def players_quarantine(*, conducts: QuerySet[Conduct]) -> int:
    """Hold all labels of players in the studies concerned, those released before included, and what they say
    from now on. Returns how many labels were not held before."""
    moved: dict[int, list[int]] = defaultdict(list)
    for conduct, own in _with_labels(conducts):
        own.update(released=False)
        _decide(conduct, Verdict.QUARANTINED, quarantined=True)
        moved[conduct.study_id] += labels_hold(label_ids=_not_held_singly(own), reasons=[BY_VERDICT])
    return _all_moved(moved)


@transaction.atomic
def players_release(*, conducts: QuerySet[Conduct]) -> int:
    """Trust players: what they said and will say counts, except labels that a researcher holds one by one.
    Returns how many labels were held."""
    moved: dict[int, list[int]] = defaultdict(list)
    for conduct, own in _with_labels(conducts):
        _decide(conduct, Verdict.TRUSTED, quarantined=False)
        moved[conduct.study_id] += labels_free(label_ids=_not_held_singly(own))
    return _all_moved(moved)


def _all_moved(moved: Mapping[int, list[int]]) -> int:
    """Draw the consequences once a study, when all its labels are taken: they end with its jobs."""
    for study_id, label_ids in moved.items():
        labels_moved(study_id=study_id, label_ids=label_ids)
    return sum(map(len, moved.values()))


@transaction.atomic
def players_unjudge(*, conducts: QuerySet[Conduct]) -> int:
    """Take decisions back: the signals decide again, in a moment. Returns how many there were."""
    decided = [conduct for conduct in _locked(conducts) if conduct.verdict != Verdict.NONE]
    for conduct in decided:
        _decide(conduct, Verdict.NONE, quarantined=conduct.quarantined)
    return len(decided)


def _decide(conduct: Conduct, verdict: Verdict, *, quarantined: bool) -> None:
    """And have the study judged anew: who is believed changes what is confirmed."""
    conduct.verdict, conduct.quarantined = verdict, quarantined
    conduct.save(update_fields=["verdict", "quarantined", "judged_at"])
    jobs_request(study_id=conduct.study_id, kind=JobKind.QUALITY, subjects=[0])


def _locked(conducts: QuerySet[Conduct]) -> list[Conduct]:
    """As they are once nobody else changes what their studies hold."""
    ids = list(conducts.order_by("pk").values_list("pk", flat=True))
    for study_id in sorted(set(Conduct.objects.filter(pk__in=ids).values_list("study_id", flat=True))):
        quarantine_lock(study_id=study_id)
    return list(Conduct.objects.filter(pk__in=ids).order_by("pk"))


def _labels_of(conduct: Conduct) -> QuerySet[Label]:
    return Label.objects.filter(round__player=conduct.player_id, region__study=conduct.study_id)


def _with_labels(conducts: QuerySet[Conduct]) -> list[tuple[Conduct, QuerySet[Label]]]:
    """With the labels that each player has given by now, locked. What they say meanwhile is judged next."""
    found = [
        (conduct, list(_labels_of(conduct).values_list("pk", flat=True))) for conduct in _locked(conducts)
    ]
    labels_lock(label_ids=[pk for _, ids in found for pk in ids])
    return [(conduct, Label.objects.filter(pk__in=ids)) for conduct, ids in found]


def _not_held_singly(labels: QuerySet[Label]) -> list[int]:
    values = labels.order_by("pk").values_list("pk", "reasons", "quarantined")
    return [pk for pk, reasons, held in values if not (held and is_decided(reasons))]


def _by_study(labels: QuerySet[Label]) -> Iterable[tuple[int, list[int]]]:
    ids: dict[int, list[int]] = {}
    for pk, study_id in labels.order_by("region__study", "pk").values_list("pk", "region__study"):
        ids.setdefault(study_id, []).append(pk)
    return ids.items()
