from dataclasses import dataclass

from django.db.models import Count, Q

from labeling.models import Job, Label, Player, Region, Study
from labeling.models.job import JobKind, JobState
from labeling.models.study import StudyState


@dataclass(frozen=True, slots=True)
class Preparation:
    """How far a study's images are."""

    images: int
    prepared: int
    failed: int

    @property
    def under_way(self) -> bool:
        return self.prepared + self.failed < self.images


def preparation(study: Study) -> Preparation:
    jobs = Job.objects.filter(study=study, kind=JobKind.REGIONS)
    counts = jobs.aggregate(
        images=Count("pk"),
        done=Count("pk", filter=Q(state=JobState.DONE)),
        failed=Count("pk", filter=Q(state=JobState.FAILED)),
    )
    return Preparation(counts["images"], counts["done"], counts["failed"])


@dataclass(frozen=True, slots=True)
class Tally:
    """What people have done in a study so far."""

    labels: int
    players: int
    regions: int
    described: int


def tally(study: Study) -> Tally:
    own = Region.objects.filter(study=study, revision=study.revision)
    return Tally(
        labels=Label.objects.filter(region__study=study).count(),
        players=Player.objects.filter(rounds__region__study=study).distinct().count(),
        regions=own.filter(capacity__gt=0).count(),
        described=own.filter(labellings__gt=0).count(),
    )


def open_studies() -> list[Study]:
    return list(Study.objects.filter(state=StudyState.OPEN))
