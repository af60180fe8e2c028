"""When work is done that nobody waits for: once things are calm for a moment, and not more often than a pace.

So many labels make one explanation of their class, and a label's own explanation never waits for that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from labeling.models.job import Job, JobKind, JobState

OPEN = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Pace:
    """A job is done `settle` after it was first asked for, and then not again within `pause`. When it has
    waited for `patience`, it lets no other kind go first any more."""

    settle: timedelta
    pause: timedelta
    patience: timedelta


PACES = {
    JobKind.CLASSES: Pace(timedelta(seconds=5), timedelta(seconds=20), timedelta(minutes=2)),
    JobKind.CONCEPTS: Pace(timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=1)),
    JobKind.RELIABILITY: Pace(timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=10)),
}


def due(kind: JobKind) -> Q:
    """Which jobs of a kind in `PACES` may be done at this moment.

    Explanations of labels go before those of classes, which are made by the same workers; a concept test
    waits until its class has been explained.
    """
    pace, now = PACES[kind], timezone.now()
    rested = Q(finished_at=None, created_at__lte=now - pace.settle) | Q(finished_at__lte=now - pace.pause)
    if kind == JobKind.CONCEPTS:
        others = Job.objects.filter(
            study=OuterRef("study"),
            subject=OuterRef("subject"),
            kind__in=[JobKind.EXPLANATIONS, JobKind.CLASSES],
            state__in=[JobState.QUEUED, JobState.RUNNING],
        )
        return rested & (_waits_since(now - pace.patience) | ~Q(Exists(others)))
    labels_wait = Job.objects.filter(kind=JobKind.EXPLANATIONS, state=JobState.QUEUED).exists()
    if kind == JobKind.CLASSES and labels_wait:
        return rested & _waits_since(now - pace.patience)
    return rested


def _waits_since(moment: datetime) -> Q:
    return Q(finished_at=None, created_at__lte=moment) | Q(finished_at__lte=moment)
