from io import BytesIO

import numpy as np
import PIL.Image
import pytest
from django.core.files.storage import default_storage
from django.db.models import Max, Sum
from PIL import ExifTags

from analysis.regions.archive import unpack_map
from labeling.models import Image, Job, Region, Study
from labeling.models.job import JobKind, JobState
from labeling.services.claims import job_finish
from labeling.services.jobs import jobs_request
from labeling.services.photographs import PHOTO_SIDE
from labeling.services.preparation import DELETED, regions_work
from labeling.services.studies import Upload, images_add
from tests.labeling.photos import demo_photo, job_of, make_new_study
from tests.labeling.work import claim

pytestmark = pytest.mark.django_db(transaction=True)


def prepared(study: Study, *uploads: Upload) -> list[Image]:
    images_add(study=study, uploads=uploads)
    assert not regions_work(study_id=study.pk, seconds=120)
    study.network.refresh_from_db()
    return list(study.images.order_by("pk"))


def with_metadata(photo: bytes) -> bytes:
    """The photo as a camera held sideways would store it: turned, with place, artist, comment and preview."""
    exif = PIL.Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Artist] = "Secret Artist"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 51.0, 30.0)
    buffer = BytesIO()
    turned = PIL.Image.open(BytesIO(photo)).transpose(PIL.Image.Transpose.ROTATE_90)
    turned.save(buffer, "JPEG", quality=95, exif=exif, comment=b"Secret Comment")
    return buffer.getvalue()


def test_a_photo_becomes_regions() -> None:
    study = make_new_study(layers=[])
    (image,) = prepared(study, Upload("Macaw.jpg", demo_photo("scarlet_macaw.jpg"), "macaw"))
    job = job_of(image)
    assert (job.state, job.progress, job.error, job.tries) == (JobState.DONE, 1, "", 0)
    assert (image.predicted_name, study.network.class_names[88]) == ("macaw", "macaw")
    assert image.true_class == image.predicted_class == 88
    assert image.probability is not None
    assert 0.5 < image.probability <= 1
    assert len(study.network.digest) == 64

    with image.maps.open("rb") as file:
        maps = file.read()
    assert len(set(image.regions.values_list("layer", flat=True))) == 9
    layers = image.regions.values("layer").annotate(total=Sum("weight"), most=Max("priority")).order_by()
    for layer in layers:
        assert 0 < layer["total"] <= 1 + 1e-6
        assert 0.7 <= layer["most"] <= 1, "every layer is played"
    for region in image.regions.all():
        assert region.capacity == (study.max_labellings if region.sign == "supports" else 0)
        assert 0 < region.area <= 1
        assert (region.effect, region.stability) == (None, None), "measured later"
        assert region.mean_activation is not None
        assert region.map_indices
        assert np.isfinite(unpack_map(maps, region.layer, region.index)).all()


def test_the_photo_is_upright_without_metadata_and_what_arrived_is_gone() -> None:
    plain = demo_photo("cat.jpg")
    sideways = with_metadata(plain)
    assert b"Secret" in sideways
    study = make_new_study()
    (image,) = prepared(study, Upload("cat.jpg", sideways))
    upload = f"studies/{study.pk}/{image.sha256}/upload"
    assert not image.upload
    assert not default_storage.exists(upload)
    with image.photo.open("rb") as file:
        content = file.read()
    for trace in (b"Secret", b"Exif", b"GPS", b"cat.jpg"):
        assert trace not in content
    kept, original = PIL.Image.open(BytesIO(content)), PIL.Image.open(BytesIO(plain))
    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", original.size)
    assert not kept.getexif()
    difference = np.asarray(kept, dtype=float) - np.asarray(original.convert("RGB"), dtype=float)
    assert np.abs(difference).mean() < 4, "turned the right way"
    left, top, right, bottom = image.crop
    assert 0 <= left < right <= kept.width
    assert 0 <= top < bottom <= kept.height


def test_a_large_photo_is_kept_smaller() -> None:
    large = BytesIO()
    PIL.Image.open(BytesIO(demo_photo("dog.jpg"))).resize((3000, 2000)).save(large, "JPEG")
    (image,) = prepared(make_new_study(), Upload("large.jpg", large.getvalue()))
    with image.photo.open("rb") as file:
        assert max(PIL.Image.open(file).size) == PHOTO_SIDE


def test_preparing_again_changes_nothing() -> None:
    study = make_new_study()
    (image,) = prepared(study, Upload("owl.jpg", demo_photo("owl.jpg"), "great grey owl"))
    Region.objects.filter(capacity__gt=0).update(reserved=1)

    def state() -> list[object]:
        files = [file.open("rb").read() for file in (image.photo, image.maps)]
        table = [list(Region.objects.order_by("pk").values()), files]
        return [*table, Image.objects.values("photo", "crop", "notes", "probability", "true_class").get()]

    before = state()
    assert not regions_work(study_id=study.pk, seconds=120)
    assert state() == before
    jobs_request(study_id=study.pk, kind=JobKind.REGIONS, subjects=[image.pk])
    assert not regions_work(study_id=study.pk, seconds=120)
    assert job_of(image).attempt == 2, "really done again"
    assert state() == before


def test_a_class_that_the_network_lacks_leaves_the_truth_open() -> None:
    (image,) = prepared(make_new_study(), Upload("owl.jpg", demo_photo("owl.jpg"), "barn owl of our own"))
    assert (image.true_class, image.class_name) == (None, "barn owl of our own")
    assert (image.answer_class, image.answer_name) == (image.predicted_class, image.predicted_name)
    assert job_of(image).state == JobState.DONE


def test_a_deleted_image_fails_alone() -> None:
    study = make_new_study()
    names = ("owl.jpg", "cat.jpg", "dog.jpg")
    images_add(study=study, uploads=[Upload(name, demo_photo(name)) for name in names])
    first, gone, last = study.images.order_by("pk")
    subject = gone.pk
    gone.delete()
    assert not regions_work(study_id=study.pk, seconds=120)
    assert [job_of(image).state for image in (first, last)] == [JobState.DONE, JobState.DONE]
    job = Job.objects.get(subject=subject)
    assert (job.state, job.error) == (JobState.FAILED, DELETED)


def test_the_time_given_is_kept_and_more_is_said_to_wait() -> None:
    study = make_new_study()
    names = ("owl.jpg", "cat.jpg")
    images_add(study=study, uploads=[Upload(name, demo_photo(name)) for name in names])
    assert regions_work(study_id=study.pk, seconds=0.001)
    states = Job.objects.filter(kind=JobKind.REGIONS).order_by("pk").values_list("state", flat=True)
    assert list(states) == [JobState.DONE, JobState.QUEUED], "the first goes alone, so that play can start"
    (held,) = claim(study)
    assert not regions_work(study_id=study.pk, seconds=120), "somebody else has it"
    assert job_finish(held)
