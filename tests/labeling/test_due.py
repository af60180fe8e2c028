"""Work that nobody waits for is done in its own time, and never before what somebody waits for."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from labeling.models import Job, Study
from labeling.models.job import JobKind, JobState
from labeling.services.claims import job_finish, jobs_claim
from labeling.services.due import PACES, due
from labeling.services.jobs import jobs_queue, jobs_request, jobs_sweep
from tests.factories import make_study
from tests.labeling.work import forget_messages, messages

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def study() -> Study:
    return make_study()


def queue(study: Study, kind: JobKind, *, asked: timedelta, done: timedelta | None = None) -> Job:
    """A job that waits; first asked for and last done so long ago."""
    subject = 0 if kind == JobKind.RELIABILITY else 1
    jobs_queue(study_id=study.pk, kind=kind, subjects=[subject])
    own = Job.objects.filter(study=study, kind=kind)
    now = timezone.now()
    own.update(created_at=now - asked, finished_at=None if done is None else now - done)
    return own.get()


def is_due(job: Job) -> bool:
    return Job.objects.filter(due(JobKind(job.kind)), pk=job.pk).exists()


@pytest.mark.parametrize("kind", PACES)
def test_new_work_settles_and_old_work_rests(study: Study, kind: JobKind) -> None:
    pace = PACES[kind]
    assert pace.settle < pace.pause < pace.patience
    assert not is_due(queue(study, kind, asked=pace.settle - SECOND))
    assert is_due(queue(study, kind, asked=pace.settle + SECOND))
    assert not is_due(queue(study, kind, asked=10 * pace.patience, done=pace.pause - SECOND))
    assert is_due(queue(study, kind, asked=10 * pace.patience, done=pace.pause + SECOND))


def test_labels_of_any_study_go_first_but_not_for_ever(study: Study) -> None:
    kind, pace = JobKind.CLASSES, PACES[JobKind.CLASSES]
    jobs_queue(study_id=make_study().pk, kind=JobKind.EXPLANATIONS, subjects=[7])
    assert not is_due(queue(study, kind, asked=10 * pace.patience, done=pace.patience - SECOND))
    assert not is_due(queue(study, kind, asked=pace.patience - SECOND))
    assert is_due(queue(study, kind, asked=10 * pace.patience, done=pace.patience + SECOND))
    assert is_due(queue(study, kind, asked=pace.patience + SECOND))
    Job.objects.filter(kind=JobKind.EXPLANATIONS).update(state=JobState.DONE)
    assert is_due(queue(study, kind, asked=pace.patience - SECOND))


@pytest.mark.parametrize("before", [JobKind.EXPLANATIONS, JobKind.CLASSES])
@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING])
def test_a_concept_test_waits_for_its_class_alone(study: Study, before: JobKind, state: JobState) -> None:
    pace = PACES[JobKind.CONCEPTS]
    tested = queue(study, JobKind.CONCEPTS, asked=pace.settle + SECOND)
    jobs_queue(study_id=study.pk, kind=before, subjects=[2])
    jobs_queue(study_id=make_study().pk, kind=before, subjects=[1])
    assert is_due(tested)
    jobs_queue(study_id=study.pk, kind=before, subjects=[1])
    Job.objects.filter(study=study, kind=before, subject=1).update(state=state)
    assert not is_due(tested)
    assert is_due(queue(study, JobKind.CONCEPTS, asked=pace.patience + SECOND))


def test_only_what_is_due_is_claimed(study: Study) -> None:
    kind = JobKind.CLASSES
    queue(study, kind, asked=timedelta())
    assert jobs_claim(study_id=study.pk, kind=kind, limit=1, due=due(kind)) == []
    queue(study, kind, asked=timedelta(minutes=1))
    (claim,) = jobs_claim(study_id=study.pk, kind=kind, limit=1, due=due(kind))
    assert job_finish(claim)


def test_the_sweep_nudges_for_what_is_due(
    study: Study, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    early, busy = make_study(), make_study()
    queue(early, JobKind.CLASSES, asked=timedelta())
    queue(busy, JobKind.CLASSES, asked=timedelta(minutes=1))
    Job.objects.filter(study=busy).update(state=JobState.RUNNING, heartbeat=timezone.now())
    queue(study, JobKind.CLASSES, asked=timedelta(minutes=1))
    queue(study, JobKind.RELIABILITY, asked=timedelta(minutes=1))
    forget_messages()
    with django_capture_on_commit_callbacks(execute=True):
        jobs_sweep()
    assert sorted(messages()) == [
        ("gpu", "labeling.tasks.reliability_measure", f"({study.pk},)"),
        ("text", "labeling.tasks.classes_explain", f"({study.pk},)"),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        jobs_request(study_id=study.pk, kind=JobKind.EXPLANATIONS, subjects=[2])
        forget_messages()
        jobs_sweep()
    assert {task for queue, task, _ in messages() if queue == "text"} == {
        "labeling.tasks.explanations_refresh"
    }
