import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.urls import reverse

from labeling.models import Job
from labeling.models.job import JobKind, JobState
from tests.glimpse.studies_with_rows import make_rows
from tests.glimpse.visitors import make_staff, signed_in

JOBS = reverse("admin:labeling_job_changelist")


@pytest.fixture
def owner(db: None) -> User:
    owner = make_staff()
    make_rows(owner)
    return owner


def retry(owner: User) -> list[str]:
    data = {"action": "retry", "_selected_action": list(Job.objects.values_list("pk", flat=True))}
    response = signed_in(owner).post(JOBS, data)
    assert response.status_code == 302
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_failed_job_is_queued_again(owner: User) -> None:
    assert retry(owner) == ["Queued again: 1."]
    job = Job.objects.get()
    assert (job.state, job.tries, job.error, job.generation) == (JobState.QUEUED, 0, "", 1)


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.DONE])
def test_others_stay_as_they_are(owner: User, state: JobState) -> None:
    Job.objects.update(state=state)
    before = list(Job.objects.values())
    assert retry(owner) == ["Queued again: 0."]
    assert list(Job.objects.values()) == before


def test_the_list_says_what_failed_and_why(owner: User) -> None:
    job = Job.objects.get()
    Job.objects.create(study=job.study, kind=JobKind.EXPLANATIONS, subject=2)
    page = signed_in(owner).get(JOBS).content.decode()
    assert "Broken." in page
    assert job.study.images.get().name in page
    assert "hen" in page  # the class whose labels are to be grouped


def test_a_job_whose_subject_is_gone_is_listed_still(owner: User) -> None:
    Job.objects.update(subject=4711)
    Job.objects.create(study=Job.objects.get().study, kind=JobKind.EXPLANATIONS, subject=4712)
    page = signed_in(owner).get(JOBS).content.decode()
    assert "4711" in page
    assert "4712" in page
