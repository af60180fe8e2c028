"""Claiming, keeping alive and ending jobs. Every change is one compare-and-swap on the row."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.utils import timezone

from labeling import tasks
from labeling.models.job import Job, JobKind, JobState

MAX_TRIES = 3
WORKER_DIED = (
    f"The worker stopped answering {MAX_TRIES} times while it did this. Look into its log for the cause, "
    "often too little memory, then retry."
)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to end one job, valid until a sweep gives the job to somebody else."""

    job_id: int
    subject: int
    attempt: int


def jobs_request(*, study_id: int, kind: JobKind, subjects: Iterable[int]) -> None:
    """Queue work, or have work that is under way done once more; then nudge a worker."""
    jobs = [Job(study_id=study_id, kind=kind, subject=subject) for subject in subjects]
    with transaction.atomic():
        Job.objects.bulk_create(jobs, ignore_conflicts=True)
        wanted = [job.subject for job in jobs]
        _reopen(Job.objects.filter(study_id=study_id, kind=kind, subject__in=wanted))
        nudge(study_id=study_id, kind=kind)


def job_retry(*, job: Job) -> bool:
    """Queue a failed job again. False where somebody else already did."""
    with transaction.atomic():
        retried = _reopen(Job.objects.filter(pk=job.pk, state=JobState.FAILED))
        if retried:
            nudge(study_id=job.study_id, kind=JobKind(job.kind))
    return bool(retried)


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
    task = {JobKind.REGIONS: tasks.regions_prepare, JobKind.EXPLANATIONS: tasks.explanations_refresh}[kind]
    transaction.on_commit(lambda: task.delay(study_id), robust=True)  # a partial has no name to log


def jobs_claim(*, study_id: int, kind: JobKind, limit: int) -> list[Claim]:
    """Up to `limit` queued jobs that are now this worker's alone; none only where none is queued."""
    queued = Job.objects.filter(study_id=study_id, kind=kind, state=JobState.QUEUED)
    while found := list(queued.order_by("pk")[:limit]):
        if claims := [claim for job in found if (claim := _claim(job))]:
            return claims
    return []


def _claim(job: Job) -> Claim | None:
    won = Job.objects.filter(pk=job.pk, state=JobState.QUEUED, attempt=job.attempt).update(
        state=JobState.RUNNING,
        attempt=job.attempt + 1,
        tries=F("tries") + 1,
        claimed_generation=F("generation"),
        heartbeat=timezone.now(),
        progress=0,
    )
    return Claim(job.pk, job.subject, job.attempt + 1) if won else None


def job_finish(claim: Claim) -> bool:
    """End a claimed job, or queue it again when it was asked for meanwhile.

    False where the claim is lost: then the caller's results must not be written. Call it inside the
    transaction that writes them.
    """
    return bool(
        _claimed(claim).update(
            state=_ended(JobState.DONE), tries=0, progress=1, error="", finished_at=timezone.now()
        )
    )


def job_fail(claim: Claim, error: str) -> bool:
    """End a claimed job with a sentence, or queue it again when it was asked for meanwhile."""
    return bool(
        _claimed(claim).update(state=_ended(JobState.FAILED), error=error, finished_at=timezone.now())
    )


def _ended(state: JobState) -> Case:
    nobody_asked = When(generation=F("claimed_generation"), then=Value(state))
    return Case(nobody_asked, default=Value(JobState.QUEUED))


def job_progress(claim: Claim, progress: float) -> None:
    _claimed(claim).update(progress=progress, heartbeat=timezone.now())


def jobs_fail_queued(*, study_id: int, kind: JobKind, error: str) -> None:
    """Fail what is waiting and cannot succeed: all of it needs something that is broken."""
    Job.objects.filter(study_id=study_id, kind=kind, state=JobState.QUEUED).update(
        state=JobState.FAILED, error=error, finished_at=timezone.now()
    )


def _claimed(claim: Claim) -> QuerySet[Job]:
    return Job.objects.filter(pk=claim.job_id, state=JobState.RUNNING, attempt=claim.attempt)


@contextmanager
def heartbeats(claims: Sequence[Claim]) -> Iterator[None]:
    """Keep the claims alive from a thread of its own while the block computes."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(settings.GLIMPSE_HEARTBEAT_SECONDS):
                try:
                    for claim in claims:
                        _claimed(claim).update(heartbeat=timezone.now())
                except OperationalError:  # the database is busy or away: the next beat may reach it
                    connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def jobs_sweep() -> int:
    """Queue jobs whose worker died, give up on those that kill it, nudge for work that nobody does.

    Returns how many jobs were taken from a dead worker.
    """
    silent_since = timezone.now() - timedelta(seconds=settings.GLIMPSE_STALE_SECONDS)
    stale = Job.objects.filter(state=JobState.RUNNING, heartbeat__lt=silent_since)
    given_up = stale.filter(tries__gte=MAX_TRIES).update(
        state=JobState.FAILED, error=WORKER_DIED, finished_at=timezone.now()
    )
    requeued = stale.filter(tries__lt=MAX_TRIES).update(state=JobState.QUEUED)
    busy = set(
        Job.objects.filter(state=JobState.RUNNING).values_list("study_id", "kind").distinct().order_by()
    )
    waiting = Job.objects.filter(state=JobState.QUEUED).values_list("study_id", "kind").distinct().order_by()
    for study_id, kind in waiting:
        if (study_id, kind) not in busy:
            nudge(study_id=study_id, kind=JobKind(kind))
    return given_up + requeued
