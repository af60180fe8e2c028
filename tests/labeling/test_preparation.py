from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import PIL.Image
import pytest
from django.core.files.storage import default_storage
from django.db.models import Max, Sum
from PIL import ExifTags

from analysis.regions import explain_batch
from analysis.regions.archive import unpack_map
from analysis.regions.results import ImageRegions
from labeling.models import Image, Job, Region, Study
from labeling.models.job import JobKind, JobState
from labeling.services import preparation
from labeling.services.claims import job_finish
from labeling.services.jobs import jobs_request
from labeling.services.photographs import PHOTO_SIDE
from labeling.services.preparation import DELETED, regions_work
from labeling.services.regions import PRIORITY_SPREAD, regions_write
from labeling.services.studies import Upload, image_folder, images_add, images_delete
from tests.analysis.regions.made import make_image_regions
from tests.factories import make_image, make_player, make_round, make_study
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


def test_an_image_that_is_deleted_while_its_regions_are_found_leaves_no_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = make_new_study()
    images_add(study=study, uploads=[Upload("owl.jpg", demo_photo("owl.jpg"))])
    image = study.images.get()

    def meanwhile(*arguments: Any, **named: Any) -> list[ImageRegions]:
        found = explain_batch(*arguments, **named)
        images_delete(images=study.images.all())
        return found

    monkeypatch.setattr(preparation, "explain_batch", meanwhile)
    assert not regions_work(study_id=study.pk, seconds=120)
    assert not Job.objects.exists()
    folder = image_folder(image)
    assert not default_storage.exists(folder) or default_storage.listdir(folder) == ([], [])


def test_what_is_no_longer_found_goes_unless_somebody_played_it() -> None:
    study = make_study()
    image = make_image(study, layers=1, regions=4)
    played = make_round(study, make_player(study)).region
    assert image.regions.count() > 1
    regions_write(study=study, image=image, found=make_image_regions({}))
    assert list(image.regions.all()) == [played]


def test_the_heaviest_region_of_a_sign_comes_first_whatever_opposes_it() -> None:
    image, found = make_image(make_study()), make_image_regions({"deep": ["supports", "opposes"]})
    (layer,) = found.layers
    weak, strong = (
        replace(region, weight=weight) for region, weight in zip(layer.regions, (0.1, 0.9), strict=True)
    )
    found = replace(found, layers=(replace(layer, regions=(weak, strong)),))
    regions_write(study=image.study, image=image, found=found)
    assert min(image.regions.values_list("priority", flat=True)) >= 1 - PRIORITY_SPREAD


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
