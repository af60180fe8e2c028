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
def owner(transactional_db: None) -> User:  # photographs are taken after the commit
    return make_staff()


@pytest.fixture
def study(owner: User) -> Study:
    return make_study(owner=owner)


def photograph(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def upload(user: User, study: Study, files: Sequence[SimpleUploadedFile], **changes: str) -> HttpResponse:
    data = model_to_dict(study, exclude=["owner", "layers", "display_names"])
    data |= {"layers": "[]", "display_names": "{}", "photographs": list(files)} | changes
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


def test_their_true_class_is_kept(owner: User, study: Study) -> None:
    upload(owner, study, [photograph("owl.jpg", b"first")], photographs_class="hen")
    image = Image.objects.get()
    assert (image.class_name, image.true_class) == ("hen", study.network.class_names.index("hen"))


def test_a_class_that_the_network_lacks_is_refused_with_the_nearest(owner: User, study: Study) -> None:
    page = upload(owner, study, [photograph("owl.jpg", b"first")], photographs_class="henn")
    assert "has no class henn. Did you mean hen" in page.content.decode()
    assert not Image.objects.exists()


def test_a_huge_file_is_refused_before_it_is_read(
    owner: User, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glimpse.research.forms.MAX_BYTES", 4)
    page = upload(owner, study, [photograph("owl.jpg", b"first")])
    assert "owl.jpg has more than" in page.content.decode()
    assert not Image.objects.exists()


def test_what_regions_come_from_is_fixed_once_there_are_images(owner: User, study: Study) -> None:
    upload(owner, study, [photograph("owl.jpg", b"first")])
    upload(owner, study, [], layers='["blocks.1"]', max_labellings="9", revision="7")
    study.refresh_from_db()
    assert (study.layers, study.max_labellings, study.revision) == ([], 5, 1)


def test_a_new_consent_text_is_a_new_version(owner: User, study: Study) -> None:
    upload(owner, study, [])
    study.refresh_from_db()
    assert study.consent_version == 1
    upload(owner, study, [], consent_text="Something else.", consent_version="1")
    study.refresh_from_db()
    assert (study.consent_text, study.consent_version) == ("Something else.", 2)


@pytest.mark.parametrize(
    ("field", "value"),
    [("display_names", '["x"]'), ("display_names", '{"ox": 3}'), ("layers", "5"), ("layers", '["a", "a"]')],
)
def test_settings_of_a_wrong_shape_are_refused(owner: User, study: Study, field: str, value: str) -> None:
    page = upload(owner, study, [], **{field: value})
    sentences = ("Give a list of names", "Give names by class", "Name each layer once.")
    assert any(sentence in page.content.decode() for sentence in sentences)
    study.refresh_from_db()
    assert (study.display_names, study.layers) == ({}, [])


def test_another_researcher_cannot_upload(study: Study) -> None:
    upload(make_staff("hopper"), study, [photograph("owl.jpg", b"first")])
    assert not Image.objects.exists()
