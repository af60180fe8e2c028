"""Asking for work, and the sweep that makes up for workers and messages that are lost."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from labeling import tasks
from labeling.models.job import Job, JobKind, JobState
from labeling.services.claims import ALL, jobs_give_up
from labeling.services.due import PACES, due

MAX_TRIES = 3
WORKER_DIED = (
    f"The worker stopped answering {MAX_TRIES} times while it did this. Look into its log for the cause, "
    "often too little memory, then retry."
)


def jobs_request(*, study_id: int, kind: JobKind, subjects: Iterable[int]) -> None:
    """Queue work, or have work that is under way done once more; then nudge a worker."""
    with transaction.atomic():
        jobs_queue(study_id=study_id, kind=kind, subjects=subjects)
        nudge(study_id=study_id, kind=kind)


def jobs_queue(*, study_id: int, kind: JobKind, subjects: Iterable[int]) -> None:
    """The same without a nudge, for callers that queue much and nudge once."""
    jobs = [Job(study_id=study_id, kind=kind, subject=subject) for subject in subjects]
    with transaction.atomic():
        Job.objects.bulk_create(jobs, ignore_conflicts=True)
        wanted = [job.subject for job in jobs]
        _reopen(Job.objects.filter(study_id=study_id, kind=kind, subject__in=wanted))


def explanations_request(*, study_id: int, class_index: int) -> None:
    """Have a class explained anew. Where it waits for that already, or is being explained, this is one
    statement and no message; it holds the job until the caller's transaction, and so its labels, can be seen.
    """
    own = Job.objects.filter(study_id=study_id, kind=JobKind.EXPLANATIONS, subject=class_index)
    under_way = own.filter(state__in=[JobState.QUEUED, JobState.RUNNING])
    if not under_way.update(generation=F("generation") + 1):
        jobs_request(study_id=study_id, kind=JobKind.EXPLANATIONS, subjects=[class_index])


def follow_ups_queue(*, study_id: int, class_index: int) -> None:
    """What is to be done once a class's labels have been explained; the sweep finds it when it is due."""
    jobs_queue(study_id=study_id, kind=JobKind.CLASSES, subjects=[class_index])
    jobs_queue(study_id=study_id, kind=JobKind.RELIABILITY, subjects=[0])


def jobs_retry(*, jobs: QuerySet[Job]) -> int:
    """Queue those of the jobs that have failed. Returns how many; one that somebody else retried is not."""
    with transaction.atomic():
        failed = jobs.filter(state=JobState.FAILED)
        works = list(failed.order_by().values_list("study_id", "kind").distinct())
        retried = _reopen(failed)
        for study_id, kind in works:
            nudge(study_id=study_id, kind=JobKind(kind))
    return retried


def _reopen(jobs: QuerySet[Job]) -> int:
    return jobs.update(
        generation=F("generation") + 1,
        state=Case(
            When(state=JobState.RUNNING, then=Value(JobState.RUNNING)), default=Value(JobState.QUEUED)
        ),
        tries=Case(When(state=JobState.RUNNING, then=F("tries")), default=Value(0)),
        progress=Case(When(state=JobState.RUNNING, then=F("progress")), default=Value(0.0)),
        error="",
    )


def nudge(*, study_id: int, kind: JobKind) -> None:
    """Tell a worker, after the commit, that there is work.

    Where the broker does not answer, the error is logged and nothing is lost: the sweep nudges again.
    """
    task = {
        JobKind.REGIONS: tasks.regions_prepare,
        JobKind.MEASURES: tasks.regions_measure,
        JobKind.EXPLANATIONS: tasks.explanations_refresh,
        JobKind.CLASSES: tasks.classes_explain,
        JobKind.CONCEPTS: tasks.concepts_test,
        JobKind.QUALITY: tasks.quality_judge,
        JobKind.RELIABILITY: tasks.reliability_measure,
    }[kind]
    transaction.on_commit(lambda: task.delay(study_id), robust=True)  # a partial has no name to log


def photographs_wait() -> bool:
    """Whether any study has a photograph whose regions nobody looks for yet; those come before measures."""
    return Job.objects.filter(kind=JobKind.REGIONS, state=JobState.QUEUED).exists()


def measures_nudge() -> None:
    """Once no photograph waits, have done what waits for its measures and nobody measures."""
    if not photographs_wait():
        _idle_nudge(JobKind.MEASURES)


def paced_nudge() -> None:
    """Have done what is due of the work that nobody waits for; concept tests once no photograph waits."""
    for kind in PACES:
        if kind != JobKind.CONCEPTS or not photographs_wait():
            _idle_nudge(kind, due(kind))


def _idle_nudge(kind: JobKind, which: Q = ALL) -> None:
    """Where such jobs wait and nobody does any of the study's."""
    own = Job.objects.filter(kind=kind).order_by()
    busy = own.filter(state=JobState.RUNNING).values("study_id")
    waiting = own.filter(which, state=JobState.QUEUED).exclude(study_id__in=busy)
    for study_id in waiting.values_list("study_id", flat=True).distinct():
        nudge(study_id=study_id, kind=kind)


def jobs_fail_queued(*, study_id: int, kind: JobKind, error: str) -> None:
    """Fail what is waiting and cannot succeed: all of it needs something that is broken."""
    Job.objects.filter(study_id=study_id, kind=kind, state=JobState.QUEUED).update(
        state=JobState.FAILED, error=error, finished_at=timezone.now()
    )


def jobs_sweep() -> int:
    """Queue jobs whose worker died, give up on those that kill it, nudge for work that nobody does.

    Returns how many jobs were taken from a dead worker.
    """
    silent_since = timezone.now() - timedelta(seconds=settings.GLIMPSE_STALE_SECONDS)
    stale = Job.objects.filter(state=JobState.RUNNING, heartbeat__lt=silent_since)
    given_up = jobs_give_up(stale.filter(tries__gte=MAX_TRIES), WORKER_DIED)
    requeued = stale.filter(tries__lt=MAX_TRIES).update(state=JobState.QUEUED)
    busy = set(
        Job.objects.filter(state=JobState.RUNNING).values_list("study_id", "kind").distinct().order_by()
    )
    waiting = Job.objects.filter(state=JobState.QUEUED).values_list("study_id", "kind").distinct().order_by()
    for study_id, kind in waiting.exclude(kind__in=[JobKind.MEASURES, *PACES]):
        if (study_id, kind) not in busy:
            nudge(study_id=study_id, kind=JobKind(kind))
    measures_nudge()
    paced_nudge()
    return given_up + requeued
