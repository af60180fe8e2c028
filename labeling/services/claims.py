"""The right to work on a job: taking it, keeping it, ending it. Each is one compare-and-swap on the row."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from labeling.models.job import Job, JobKind, JobState

TOO_SLOW = "This took longer than ten minutes. Use a smaller photograph, fewer layers or a faster device."
ALL = Q()

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to end one job, valid until a sweep gives the job to somebody else."""

    job_id: int
    subject: int
    attempt: int


def jobs_claim(*, study_id: int, kind: JobKind, limit: int, due: Q = ALL) -> list[Claim]:
    """Up to `limit` queued jobs that are now this worker's alone; none only where none is queued, or `due`.

    A job that a worker has died of comes last and alone, so that it takes no other with it.
    """
    queued = Job.objects.filter(due, study_id=study_id, kind=kind, state=JobState.QUEUED)
    while found := list(queued.order_by("tries", "pk")[:limit]):
        together = [job for job in found if job.tries == 0] or found[:1]
        if claims := [claim for job in together if (claim := _claim(job))]:
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


def _claimed(claim: Claim) -> QuerySet[Job]:
    return Job.objects.filter(pk=claim.job_id, state=JobState.RUNNING, attempt=claim.attempt)


def claim_holds(claim: Claim) -> bool:
    """Whether nobody else has the job yet, for work that has to be written before it can be ended."""
    return _claimed(claim).exists()


def job_finish(claim: Claim) -> bool:
    """End a claimed job, or queue it again when it was asked for meanwhile.

    False where the claim is lost: then the caller's results must not be written. Call it inside the
    transaction that writes them.
    """
    done = _unless_asked_again(JobState.DONE, JobState.QUEUED)
    ended = _claimed(claim).update(state=done, tries=0, progress=1, error="", finished_at=timezone.now())
    return bool(ended)


def job_fail(claim: Claim, error: str) -> bool:
    """End a claimed job with a sentence, or queue it again when it was asked for meanwhile."""
    return bool(jobs_give_up(_claimed(claim), error))


def jobs_give_up(running: QuerySet[Job], error: str) -> int:
    """Fail running jobs, except that those that were asked for meanwhile are queued as new."""
    return running.update(
        state=_unless_asked_again(JobState.FAILED, JobState.QUEUED),
        error=_unless_asked_again(error, ""),
        tries=_unless_asked_again(F("tries"), 0),
        finished_at=timezone.now(),
    )


def _unless_asked_again(value: str | F, otherwise: str | int) -> Case:
    kept = value if isinstance(value, F) else Value(value)
    return Case(When(generation=F("claimed_generation"), then=kept), default=Value(otherwise))


def job_progress(claim: Claim, progress: float) -> None:
    _claimed(claim).update(progress=progress, heartbeat=timezone.now())


@contextmanager
def working(claims: Sequence[Claim]) -> Iterator[None]:
    """Keep the claims alive while the block computes, and end them with a sentence if it breaks.

    What breaks here is a fault of ours or of the machine; faults of photos and networks have their own
    sentences before. Nothing but a dead worker leaves a job to the sweep.
    """
    with _heartbeats(claims):
        try:
            yield
        except SoftTimeLimitExceeded:
            _fail_all(claims, TOO_SLOW)
            raise
        except Exception as error:
            logger.exception("jobs %s", [claim.job_id for claim in claims])
            _fail_all(claims, f"{type(error).__name__}: {error} (the worker's log has more)")


def _fail_all(claims: Sequence[Claim], error: str) -> None:
    for claim in claims:
        job_fail(claim, error)


@contextmanager
def _heartbeats(claims: Sequence[Claim]) -> Iterator[None]:
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
