import threading

import pytest
from django.db import connection

from labeling.models import Job, Study
from labeling.models.job import JobKind, JobState
from labeling.services.claims import Claim, job_fail, job_finish
from labeling.services.jobs import jobs_request
from tests.factories import make_study
from tests.labeling.work import ask_for, claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    return make_study()


def test_it_keeps_one_row_a_subject_however_often_it_is_asked(study: Study) -> None:
    ask_for(study, 7, 8)
    ask_for(study, 7)
    assert list(Job.objects.values_list("subject", "state", "generation")) == [
        (7, JobState.QUEUED, 2),
        (8, JobState.QUEUED, 1),
    ]


def test_it_claims_the_oldest_first_and_each_once(study: Study) -> None:
    ask_for(study, 1, 2, 3)
    assert [found.subject for found in claim(study, 2)] == [1, 2]
    assert [found.subject for found in claim(study, 2)] == [3]
    assert claim(study) == []
    assert set(Job.objects.values_list("state", "tries", "attempt")) == {(JobState.RUNNING, 1, 1)}


def test_it_claims_nothing_of_another_study_or_kind(study: Study) -> None:
    ask_for(make_study(), 1)
    jobs_request(study_id=study.pk, kind=JobKind.EXPLANATIONS, subjects=[1])
    assert claim(study, 9) == []


@pytest.mark.django_db(transaction=True)
def test_claimers_at_once_never_get_the_same_job(study: Study) -> None:
    ask_for(study, *range(40))
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
    ask_for(study, 1)
    (first,) = claim(study)
    ask_for(study, 1)
    assert Job.objects.get().state == JobState.RUNNING
    assert claim(study) == []
    assert job_finish(first)
    assert Job.objects.get().state == JobState.QUEUED
    (second,) = claim(study)
    assert job_finish(second)
    assert Job.objects.get().state == JobState.DONE


def test_what_is_asked_for_while_it_fails_is_tried_once_more(study: Study) -> None:
    ask_for(study, 1)
    (first,) = claim(study)
    ask_for(study, 1)
    assert job_fail(first, "No.")
    assert Job.objects.get().state == JobState.QUEUED
    (second,) = claim(study)
    assert job_fail(second, "No.")
    assert Job.objects.get().state == JobState.FAILED
