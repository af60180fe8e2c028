"""Photographs that arrive on a study's page."""

from collections.abc import Sequence

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import model_to_dict
from django.http import HttpResponse
from django.urls import reverse

from labeling.models import Image, Job, Study
from labeling.models.job import JobKind, JobState
from tests.factories import make_study
from tests.glimpse.visitors import make_staff, signed_in


@pytest.fixture
def owner(db: None) -> User:
    return make_staff()


@pytest.fixture
def study(owner: User) -> Study:
    return make_study(owner=owner)


def photograph(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def upload(user: User, study: Study, files: Sequence[SimpleUploadedFile]) -> HttpResponse:
    data = model_to_dict(study, exclude=["owner", "layers", "display_names"])
    data |= {"layers": "[]", "display_names": "{}", "photographs": list(files)}
    response = signed_in(user).post(
        reverse("admin:labeling_study_change", args=[study.pk]), data, follow=True
    )
    assert isinstance(response, HttpResponse)
    return response


def test_two_photographs_make_two_images_with_jobs(owner: User, study: Study) -> None:
    page = upload(owner, study, [photograph("owl.jpg", b"first"), photograph("fox.jpg", b"second")])
    assert "Photographs waiting to be prepared: 2." in page.content.decode()
    images = list(Image.objects.order_by("pk"))
    assert [image.name for image in images] == ["owl.jpg", "fox.jpg"]
    assert [image.upload.open().read() for image in images] == [b"first", b"second"]
    jobs = Job.objects.filter(study=study, kind=JobKind.REGIONS, state=JobState.QUEUED)
    assert list(jobs.order_by("pk").values_list("subject", flat=True)) == [image.pk for image in images]


def test_one_that_is_there_already_is_said_so(owner: User, study: Study) -> None:
    upload(owner, study, [photograph("owl.jpg", b"first")])
    page = upload(owner, study, [photograph("same.jpg", b"first"), photograph("fox.jpg", b"second")])
    assert "Photographs waiting to be prepared: 1. Already there: 1." in page.content.decode()
    assert Image.objects.count() == Job.objects.count() == 2


def test_none_is_fine_too(owner: User, study: Study) -> None:
    assert upload(owner, study, []).status_code == 200
    assert not Image.objects.exists()


def test_an_empty_file_is_refused_and_nothing_kept(owner: User, study: Study) -> None:
    page = upload(owner, study, [photograph("owl.jpg", b"first"), photograph("empty.jpg", b"")])
    assert "The submitted file is empty." in page.content.decode()
    assert not Image.objects.exists()


def test_the_names_path_is_not_used(owner: User, study: Study) -> None:
    upload(owner, study, [photograph("../../etc/owl.jpg", b"first")])
    image = Image.objects.get()
    assert ".." not in image.name
    assert image.upload.name == f"studies/{study.pk}/{image.sha256}/upload"


def test_another_researcher_cannot_upload(study: Study) -> None:
    upload(make_staff("hopper"), study, [photograph("owl.jpg", b"first")])
    assert not Image.objects.exists()
