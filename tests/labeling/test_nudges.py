"""Jobs outlive messages, heartbeats and brokers."""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings as configured
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from labeling.models import Job, Study
from labeling.models.job import JobKind, JobState
from labeling.services.claims import TOO_SLOW, Claim, job_finish, jobs_claim, working
from labeling.services.jobs import jobs_request, jobs_sweep
from tests.factories import make_study

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def study(settings: Settings) -> Study:
    settings.GLIMPSE_HEARTBEAT_SECONDS = 0.1
    settings.GLIMPSE_STALE_SECONDS = 0.6
    return make_study()


def claimed(study: Study) -> list[Claim]:
    jobs_request(study_id=study.pk, kind=JobKind.EXPLANATIONS, subjects=[1, 2])
    return jobs_claim(study_id=study.pk, kind=JobKind.EXPLANATIONS, limit=2)


def test_heartbeats_keep_claims_alive(study: Study) -> None:
    claims = claimed(study)
    with working(claims):
        time.sleep(1.2)
        assert jobs_sweep() == 0
    assert all(job_finish(claim) for claim in claims)


def test_without_heartbeats_claims_are_lost(study: Study) -> None:
    claims = claimed(study)
    with working(claims[:1]):
        time.sleep(1.2)
        assert jobs_sweep() == 1
    assert [job_finish(claim) for claim in claims] == [True, False]


def run_out_of_memory() -> None:
    raise MemoryError("no room for a tensor")


def test_what_breaks_unexpectedly_ends_its_jobs_with_a_sentence(study: Study) -> None:
    claims = claimed(study)
    job_finish(claims[0])
    with working(claims):
        run_out_of_memory()
    done, failed = Job.objects.order_by("pk")
    assert (done.state, done.error) == (JobState.DONE, "")
    assert failed.state == JobState.FAILED
    assert failed.error == "MemoryError: no room for a tensor (the worker's log has more)"


def test_what_takes_too_long_ends_its_jobs_and_the_turn(study: Study) -> None:
    with pytest.raises(SoftTimeLimitExceeded), working(claimed(study)):
        raise SoftTimeLimitExceeded
    assert {job.error for job in Job.objects.all()} == {TOO_SLOW}


def test_heartbeats_end_with_the_block(study: Study) -> None:
    with pytest.raises(SystemExit), working(claimed(study)):
        raise SystemExit
    Job.objects.update(heartbeat=timezone.now() - timedelta(hours=1))
    time.sleep(0.3)
    assert jobs_sweep() == 2


def test_heartbeats_outlive_a_database_that_is_away_for_a_moment(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = iter([OperationalError("the database is locked")])

    def now() -> object:
        if error := next(away, None):
            raise error
        return timezone.now()

    claims = claimed(study)
    Job.objects.update(heartbeat=timezone.now() - timedelta(hours=1))
    monkeypatch.setattr("labeling.services.claims.timezone", type("Clock", (), {"now": staticmethod(now)}))
    with working(claims):
        time.sleep(0.5)
    monkeypatch.undo()
    assert next(away, None) is None, "the first beat failed"
    assert jobs_sweep() == 0


@pytest.fixture
def broken_broker() -> Iterator[None]:
    """Messages cannot be written: their folder is a file."""
    folder = configured.BROKER_MESSAGES
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.write_text("")
    yield
    folder.unlink()
    aside.rename(folder)


@pytest.mark.usefixtures("broken_broker")
def test_a_lost_message_loses_no_work(study: Study, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        jobs_request(study_id=study.pk, kind=JobKind.REGIONS, subjects=[1])
    assert caplog.records, "it is said"
    assert Job.objects.get().state == JobState.QUEUED
