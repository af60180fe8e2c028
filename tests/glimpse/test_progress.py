import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import Job, Study
from labeling.models.job import JobKind, JobState
from labeling.models.study import StudyState
from tests.factories import make_study
from tests.glimpse.rows import all_rows


@pytest.fixture
def preparing(db: None) -> Study:
    study = make_study()
    for subject, state in enumerate((JobState.DONE, JobState.RUNNING, JobState.QUEUED)):
        Job.objects.create(study=study, kind=JobKind.REGIONS, subject=subject, state=state)
    return study


def progress(study: Study) -> str:
    return reverse("play:progress", args=[study.slug])


def test_it_counts_and_asks_again(client: Client, preparing: Study) -> None:
    part = client.get(progress(preparing)).content.decode()
    assert '<progress max="3" value="1"' in part
    assert "The network has looked at 1 of 3 photos." in part
    assert f'hx-get="{progress(preparing)}" hx-trigger="every 2s"' in part
    assert "<html" not in part


def test_the_front_page_shows_the_same(client: Client, preparing: Study) -> None:
    assert client.get(progress(preparing)).content.strip() in client.get(reverse("play:home")).content


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED])
def test_it_ends_when_nothing_is_left(client: Client, preparing: Study, state: JobState) -> None:
    Job.objects.exclude(state=JobState.DONE).update(state=state)
    assert client.get(progress(preparing)).content.strip() == b""


def test_grouping_labels_is_not_counted(client: Client, preparing: Study) -> None:
    Job.objects.create(study=preparing, kind=JobKind.EXPLANATIONS, subject=7)
    assert "of 3 photos" in client.get(progress(preparing)).content.decode()


def test_it_stops_when_the_study_closes(client: Client, preparing: Study) -> None:
    Study.objects.update(state=StudyState.PAUSED)
    assert client.get(progress(preparing)).status_code == 286


def test_a_get_changes_nothing_and_head_answers(client: Client, preparing: Study) -> None:
    before = all_rows()
    assert client.get(progress(preparing)).status_code == client.head(progress(preparing)).status_code == 200
    assert client.post(progress(preparing)).status_code == 405
    assert all_rows() == before
