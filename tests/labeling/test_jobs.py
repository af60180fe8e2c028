import json
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from labeling.models import Job, Study
from labeling.models.job import JobKind, JobState
from labeling.services.jobs import (
    MAX_TRIES,
    WORKER_DIED,
    Claim,
    job_fail,
    job_finish,
    job_retry,
    jobs_claim,
    jobs_fail_queued,
    jobs_request,
    jobs_sweep,
)
from tests.factories import make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    return make_study()


def request(study: Study, *subjects: int) -> None:
    jobs_request(study_id=study.pk, kind=JobKind.REGIONS, subjects=subjects)


def claim(study: Study, limit: int = 1) -> list[Claim]:
    return jobs_claim(study_id=study.pk, kind=JobKind.REGIONS, limit=limit)


def fall_silent() -> None:
    Job.objects.update(heartbeat=timezone.now() - timedelta(hours=1))


def test_it_keeps_one_row_a_subject_however_often_it_is_asked(study: Study) -> None:
    request(study, 7, 8)
    request(study, 7)
    assert list(Job.objects.values_list("subject", "state", "generation")) == [
        (7, JobState.QUEUED, 2),
        (8, JobState.QUEUED, 1),
    ]


def test_it_claims_the_oldest_first_and_each_once(study: Study) -> None:
    request(study, 1, 2, 3)
    assert [found.subject for found in claim(study, 2)] == [1, 2]
    assert [found.subject for found in claim(study, 2)] == [3]
    assert claim(study) == []
    assert set(Job.objects.values_list("state", "tries", "attempt")) == {(JobState.RUNNING, 1, 1)}


def test_it_claims_nothing_of_another_study_or_kind(study: Study) -> None:
    request(make_study(), 1)
    jobs_request(study_id=study.pk, kind=JobKind.EXPLANATIONS, subjects=[1])
    assert claim(study, 9) == []


@pytest.mark.django_db(transaction=True)
def test_claimers_at_once_never_get_the_same_job(study: Study) -> None:
    request(study, *range(40))
    won: list[list[Claim]] = [[] for _ in range(8)]
    ready = threading.Barrier(8)

    def work(mine: list[Claim]) -> None:
        try:
            ready.wait()
            while found := claim(study, 3):
                mine += found
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[mine]) for mine in won]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(found.subject for mine in won for found in mine) == list(range(40))


def test_what_is_asked_for_while_it_runs_is_done_once_more(study: Study) -> None:
    request(study, 1)
    (first,) = claim(study)
    request(study, 1)
    assert Job.objects.get().state == JobState.RUNNING
    assert claim(study) == []
    assert job_finish(first)
    assert Job.objects.get().state == JobState.QUEUED
    (second,) = claim(study)
    assert job_finish(second)
    assert Job.objects.get().state == JobState.DONE


def test_what_is_asked_for_while_it_fails_is_tried_once_more(study: Study) -> None:
    request(study, 1)
    (first,) = claim(study)
    request(study, 1)
    assert job_fail(first, "No.")
    assert Job.objects.get().state == JobState.QUEUED
    (second,) = claim(study)
    assert job_fail(second, "No.")
    assert Job.objects.get().state == JobState.FAILED


def test_a_lost_claim_ends_nothing(study: Study) -> None:
    request(study, 1)
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
    request(study, 1, 2)
    claim(study)
    assert jobs_sweep() == 0
    assert list(Job.objects.values_list("state", flat=True)) == [JobState.RUNNING, JobState.QUEUED]


def test_the_sweep_gives_up_on_what_kills_its_worker(study: Study) -> None:
    request(study, 1)
    for _ in range(MAX_TRIES):
        assert len(claim(study)) == 1
        fall_silent()
        assert jobs_sweep() == 1
    assert claim(study) == []
    job = Job.objects.get()
    assert (job.state, job.error) == (JobState.FAILED, WORKER_DIED)
    assert str(MAX_TRIES) in job.error
    assert job_retry(job=job)
    assert Job.objects.get().tries == 0


def test_the_sweep_nudges_only_where_nobody_works(
    study: Study, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    idle = make_study()
    request(study, 1, 2)
    request(idle, 1)
    claim(study)
    for message in settings.BROKER_MESSAGES.iterdir():
        message.unlink()
    with django_capture_on_commit_callbacks(execute=True) as nudges:
        jobs_sweep()
    assert len(nudges) == 1
    (message,) = settings.BROKER_MESSAGES.glob("*.gpu.msg")
    headers = json.loads(message.read_text())["headers"]
    assert (headers["task"], headers["argsrepr"]) == ("labeling.tasks.regions_prepare", f"({idle.pk},)")


def test_only_a_failed_job_is_retried(study: Study) -> None:
    request(study, 1)
    job = Job.objects.get()
    assert not job_retry(job=job)
    (running,) = claim(study)
    assert not job_retry(job=job)
    job_fail(running, "The photo is damaged.")
    assert Job.objects.get().error == "The photo is damaged."
    assert job_retry(job=job)
    assert not job_retry(job=job), "somebody else already did"
    job.refresh_from_db()
    assert (job.state, job.error, job.tries) == (JobState.QUEUED, "", 0)
    (again,) = claim(study)
    job_finish(again)
    assert not job_retry(job=job)


def test_what_waits_for_something_broken_fails_with_it(study: Study) -> None:
    request(study, 1, 2)
    request(make_study(), 1)
    claim(study)
    jobs_fail_queued(study_id=study.pk, kind=JobKind.REGIONS, error="There is no such network.")
    assert list(Job.objects.values_list("state", "error")) == [
        (JobState.RUNNING, ""),
        (JobState.FAILED, "There is no such network."),
        (JobState.QUEUED, ""),
    ]
