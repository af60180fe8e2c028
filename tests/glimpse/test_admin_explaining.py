"""What a researcher says about objects, labels and links, and what follows from it."""

import pytest
from django.contrib.auth.models import User
from django.forms import model_to_dict
from django.http import HttpResponse
from django.urls import reverse

from labeling.models import Image, Job, Study
from labeling.models.job import JobKind
from labeling.services.answers import Answer, round_answer
from labeling.services.studies import images_delete
from tests.factories import make_image, make_player, make_round, make_study
from tests.glimpse.rows import all_rows
from tests.glimpse.visitors import make_staff, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_staff()


@pytest.fixture
def image(owner: User) -> Image:
    """Somebody has described it; nothing is to be done."""
    study = make_study(owner=owner)
    image = make_image(study)
    round_answer(round_=make_round(study, make_player(study)), answer=Answer(("long beak",), 1))
    Job.objects.all().delete()
    return image


def place(user: User, image: Image, box: str, **more: str) -> str:
    address = reverse("admin:labeling_image_change", args=[image.pk])
    response = signed_in(user).post(address, {"object_box": box} | more, follow=True)
    assert isinstance(response, HttpResponse)
    image.refresh_from_db()
    return response.content.decode()


def save(user: User, study: Study, **changes: str) -> None:
    data = model_to_dict(study, exclude=["owner", "layers", "display_names"])
    data |= {"layers": "[]", "display_names": "{}"} | changes
    signed_in(user).post(reverse("admin:labeling_study_change", args=[study.pk]), data, follow=True)
    study.refresh_from_db()


def jobs(kind: JobKind) -> list[int]:
    return list(Job.objects.filter(kind=kind).order_by("subject").values_list("subject", flat=True))


def test_where_the_object_is_has_its_class_explained_anew(owner: User, image: Image) -> None:
    place(owner, image, "[0.1, 0.2, 0.9, 1]")
    assert image.object_box == [0.1, 0.2, 0.9, 1]
    assert (jobs(JobKind.CLASSES), jobs(JobKind.EXPLANATIONS)) == ([1], [])
    Job.objects.all().delete()
    place(owner, image, "[0.1, 0.2, 0.9, 1]")
    assert jobs(JobKind.CLASSES) == [], "nothing new"
    place(owner, image, "")
    assert (image.object_box, jobs(JobKind.CLASSES)) == ([], [1])


@pytest.mark.parametrize("box", ["[0.9, 0, 0.1, 1]", "[0, 0, 1]", "[0, 0, 2, 1]", '"left"', "[0, 0", "{}"])
def test_what_is_no_place_is_refused(owner: User, image: Image, box: str) -> None:
    page = place(owner, image, box)
    assert image.object_box == []
    assert jobs(JobKind.CLASSES) == []
    assert "errorlist" in page or "error" in page


def test_nothing_else_of_an_image_changes_and_not_by_others(owner: User, image: Image) -> None:
    before = all_rows()
    place(owner, image, "", name="mine.jpg", showcase="on", class_name="hen")
    place(make_staff("other"), image, "[0, 0, 1, 1]")
    assert all_rows() == before


def test_links_are_allowed_by_the_study(owner: User, image: Image) -> None:
    assert not image.study.shareable
    save(owner, image.study, shareable="on")
    assert image.study.shareable


def test_other_rules_for_labels_have_all_classes_explained_anew(owner: User, image: Image) -> None:
    study = image.study
    make_image(study, predicted_class=2, true_class=2)
    save(owner, study, title="Birds")
    assert jobs(JobKind.EXPLANATIONS) == []
    save(owner, study, label_preset="paper")
    assert jobs(JobKind.EXPLANATIONS) == [1], "of the other class nobody has said anything"
    Job.objects.all().delete()
    save(owner, study, display_names='{"macaw": "parrot"}')
    assert jobs(JobKind.EXPLANATIONS) == [1]


def test_a_deleted_image_is_left_out_of_its_class(image: Image) -> None:
    images_delete(images=Image.objects.filter(pk=image.pk))
    assert jobs(JobKind.EXPLANATIONS) == [1]
