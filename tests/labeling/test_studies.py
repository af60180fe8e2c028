import hashlib

import pytest
from django.core.files.storage import default_storage

from labeling.models import Image, Job, Study
from labeling.models.job import JobKind, JobState
from labeling.services.studies import Upload, images_add, images_delete, studies_delete
from tests.factories import make_image, make_player, make_round, make_study
from tests.labeling.photos import make_new_study

pytestmark = pytest.mark.django_db

PHOTO = Upload("hen.jpg", b"the bytes of a hen", "hen", "Ada", "CC0-1.0", "https://example.org/hen")


def test_an_upload_is_kept_as_it_arrived_and_its_regions_are_asked_for() -> None:
    study = make_study()
    assert images_add(study=study, uploads=[PHOTO]) == 1
    image = Image.objects.get()
    assert image.sha256 == hashlib.sha256(PHOTO.content).hexdigest()
    assert (image.name, image.author, image.licence, image.source) == (
        "hen.jpg",
        "Ada",
        "CC0-1.0",
        "https://example.org/hen",
    )
    with image.upload.open("rb") as file:
        assert file.read() == PHOTO.content
    assert "hen" not in str(image.upload), "no address tells the class"
    job = Job.objects.get()
    assert (job.subject, job.state) == (image.pk, JobState.QUEUED)


def test_adding_twice_adds_nothing() -> None:
    study = make_study()
    images_add(study=study, uploads=[PHOTO])
    before = [list(Image.objects.values()), list(Job.objects.values())]
    again = Upload("another name.jpg", PHOTO.content, "koala")
    assert images_add(study=study, uploads=[PHOTO, again]) == 0
    assert [list(Image.objects.values()), list(Job.objects.values())] == before


def test_the_same_bytes_twice_in_one_go_are_one_image() -> None:
    assert images_add(study=make_study(), uploads=[PHOTO, PHOTO]) == 1


def test_the_same_bytes_in_another_study_are_another_image() -> None:
    one, other = make_study(), make_study()
    assert images_add(study=one, uploads=[PHOTO]) == images_add(study=other, uploads=[PHOTO]) == 1
    first, second = Image.objects.order_by("pk")
    assert first.sha256 == second.sha256
    assert first.key != second.key
    assert first.upload.name != second.upload.name
    default_storage.delete(str(first.upload))
    assert default_storage.exists(str(second.upload))


def test_the_true_class_is_resolved_as_soon_as_the_network_is_known() -> None:
    known, new = make_study(), make_new_study()
    images_add(study=known, uploads=[PHOTO])
    images_add(study=new, uploads=[PHOTO])
    assert known.images.get().true_class == known.network.class_names.index("hen")
    assert new.images.get().true_class is None
    images_add(study=known, uploads=[Upload("x.jpg", b"other bytes", "no such class")])
    assert known.images.get(name="x.jpg").true_class is None


def test_a_very_long_file_name_is_cut() -> None:
    study = make_study()
    images_add(study=study, uploads=[Upload("n" * 300 + ".jpg", b"bytes")])
    assert len(study.images.get().name) == 255


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("whole_study", [False, True])
def test_deleting_leaves_neither_rows_nor_files(whole_study: bool) -> None:
    study = make_study()
    image, other = make_image(study), make_image(make_study())
    make_round(study, make_player(study))
    Job.objects.create(study=study, kind=JobKind.REGIONS, subject=image.pk)
    files = [str(image.photo), str(image.maps)]
    if whole_study:
        studies_delete(studies=Study.objects.filter(pk=study.pk))
    else:
        images_delete(images=study.images.all())
    assert list(Image.objects.all()) == [other]
    assert not Job.objects.exists()
    assert not any(default_storage.exists(name) for name in files)
    assert default_storage.exists(str(other.photo))
