"""Jobs of workers that died, and jobs that failed."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from labeling.models import Job, Study
from labeling.models.job import JobKind, JobState
from labeling.services.claims import job_fail, job_finish
from labeling.services.jobs import MAX_TRIES, WORKER_DIED, jobs_fail_queued, jobs_retry, jobs_sweep
from tests.factories import make_study
from tests.labeling.work import ask_for, claim, fall_silent, forget_messages, messages

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    return make_study()


def test_a_lost_claim_ends_nothing(study: Study) -> None:
    ask_for(study, 1)
    (lost,) = claim(study)
    fall_silent()
    assert jobs_sweep() == 1
    (held,) = claim(study)
    before = Job.objects.values().get()
    assert not job_finish(lost)
    assert not job_fail(lost, "Too late.")
    assert Job.objects.values().get() == before
    assert job_finish(held)
    assert not job_finish(held), "a job ends once"


def test_the_sweep_leaves_live_jobs_alone(study: Study) -> None:
    ask_for(study, 1, 2)
    claim(study)
    assert jobs_sweep() == 0
    assert list(Job.objects.values_list("state", flat=True)) == [JobState.RUNNING, JobState.QUEUED]


def test_the_sweep_gives_up_on_what_kills_its_worker(study: Study) -> None:
    ask_for(study, 1)
    for _ in range(MAX_TRIES):
        assert len(claim(study)) == 1
        fall_silent()
        assert jobs_sweep() == 1
    assert claim(study) == []
    job = Job.objects.get()
    assert (job.state, job.error) == (JobState.FAILED, WORKER_DIED)
    assert str(MAX_TRIES) in job.error
    assert jobs_retry(jobs=Job.objects.filter(pk=job.pk))
    assert Job.objects.get().tries == 0


def test_the_sweep_nudges_only_where_nobody_works(
    study: Study, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    idle = make_study()
    ask_for(study, 1, 2)
    ask_for(idle, 1)
    claim(study)
    forget_messages()
    with django_capture_on_commit_callbacks(execute=True):
        jobs_sweep()
    assert messages() == [("gpu", "labeling.tasks.regions_prepare", f"({idle.pk},)")]


def test_only_a_failed_job_is_retried(study: Study) -> None:
    ask_for(study, 1)
    job = Job.objects.get()
    assert not jobs_retry(jobs=Job.objects.filter(pk=job.pk))
    (running,) = claim(study)
    assert not jobs_retry(jobs=Job.objects.filter(pk=job.pk))
    job_fail(running, "The photo is damaged.")
    assert Job.objects.get().error == "The photo is damaged."
    assert jobs_retry(jobs=Job.objects.filter(pk=job.pk))
    assert not jobs_retry(jobs=Job.objects.filter(pk=job.pk)), "somebody else already did"
    job.refresh_from_db()
    assert (job.state, job.error, job.tries) == (JobState.QUEUED, "", 0)
    (again,) = claim(study)
    job_finish(again)
    assert not jobs_retry(jobs=Job.objects.filter(pk=job.pk))


def test_what_waits_for_something_broken_fails_with_it(study: Study) -> None:
    ask_for(study, 1, 2)
    ask_for(make_study(), 1)
    claim(study)
    jobs_fail_queued(study_id=study.pk, kind=JobKind.REGIONS, error="There is no such network.")
    assert list(Job.objects.values_list("state", "error")) == [
        (JobState.RUNNING, ""),
        (JobState.FAILED, "There is no such network."),
        (JobState.QUEUED, ""),
    ]
