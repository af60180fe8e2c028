"""Effects and stability are measured after the regions, for exactly these, and as often as asked."""

from typing import Any

import pytest
from pytest_django import Settings

from analysis.regions import explain_batch
from analysis.regions.measuring import measure
from labeling import tasks
from labeling.models import Image, ImageLayer, Job, Region, Study
from labeling.models.job import JobKind, JobState
from labeling.services import measures, preparation
from labeling.services.claims import Claim, job_finish
from labeling.services.jobs import jobs_request, jobs_sweep
from labeling.services.measures import CHANGED, DELETED, NO_LAYERS, OTHER_NETWORK, measures_work
from labeling.services.studies import images_delete, measures_request
from tests.labeling.tiny_studies import (
    TINY,
    add_tiny_photos,
    find_regions,
    make_tiny_study,
    measures_job,
)
from tests.labeling.work import after_a_long_pause, forget_messages, messages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def tiny_is_allowed(settings: Settings) -> None:
    settings.GLIMPSE_NETWORK_FACTORIES = [TINY]


@pytest.fixture
def study() -> Study:
    return make_tiny_study()


@pytest.fixture
def image(study: Study) -> Image:
    """With regions, whose measures wait."""
    add_tiny_photos(study, 1)
    return find_regions(study)[0]


def measured(study: Study) -> None:
    assert not measures_work(study_id=study.pk, seconds=120)


def rows() -> list[object]:
    return [list(model._default_manager.order_by("pk").values()) for model in (Region, ImageLayer)]


def test_a_photograph_is_playable_before_it_is_measured(image: Image) -> None:
    assert image.prepared_at is not None
    assert image.regions.filter(capacity__gt=0).exists()
    assert set(image.regions.values_list("effect", "stability")) == {(None, None)}
    assert set(image.layers.values_list("fidelity", flat=True)) == {None}
    assert set(image.seconds) == {"capture", "clustering"}
    assert measures_job(image).state == JobState.QUEUED


def test_then_each_region_has_its_effect_and_stability(study: Study, image: Image) -> None:
    before = Region.objects.order_by("pk").values_list("pk", "map_indices", "weight", "reserved")
    kept = list(before)
    measured(study)
    job = measures_job(image)
    assert (job.state, job.progress, job.error) == (JobState.DONE, 1, "")
    for region in image.regions.all():
        assert region.effect is not None
        assert region.stability is not None
        assert -1 <= region.stability <= 1
    assert list(before.all()) == kept, "the regions are the same"
    image.refresh_from_db()
    assert set(image.seconds) == {"capture", "clustering", "effect", "stability"}
    assert image.layers.exclude(fidelity=None).exists()


def test_measuring_twice_changes_nothing(study: Study, image: Image) -> None:
    tasks.regions_measure(study.pk)
    before = rows()
    tasks.regions_measure(study.pk)
    assert rows() == before
    jobs_request(study_id=study.pk, kind=JobKind.MEASURES, subjects=[image.pk])
    tasks.regions_measure(study.pk)
    assert measures_job(image).attempt == 2, "really done again"
    assert rows() == before


def test_effects_are_those_of_the_rows_own_maps(study: Study, image: Image) -> None:
    one, other = image.regions.filter(layer="2", sign="supports").order_by("index")[:2]
    Region.objects.filter(pk=one.pk).update(map_indices=other.map_indices)
    measured(study)
    one.refresh_from_db()
    other.refresh_from_db()
    assert one.effect == other.effect


def test_found_again_they_wait_again(study: Study, image: Image) -> None:
    measured(study)
    before = rows()
    jobs_request(study_id=study.pk, kind=JobKind.REGIONS, subjects=[image.pk])
    find_regions(study)
    assert measures_job(image).state == JobState.QUEUED
    assert not image.regions.exclude(effect=None).exists()
    measured(study)
    assert rows() == before


def test_photographs_come_first_those_of_any_study(study: Study, image: Image) -> None:
    other = make_tiny_study()
    add_tiny_photos(other, 2)
    forget_messages()
    measured(study)
    jobs_sweep()
    assert measures_job(image).state == JobState.QUEUED
    nudged = [task for _, task, _ in messages()]
    assert nudged == ["labeling.tasks.regions_prepare"], "nobody is sent to measure in vain"
    forget_messages()
    find_regions(other)
    wanted = {("gpu", "labeling.tasks.regions_measure", f"({study.pk},)") for study in (study, other)}
    assert set(messages()) == wanted
    measured(study)
    assert measures_job(image).state == JobState.DONE


def test_a_photograph_that_arrives_while_measuring_is_next(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_tiny_photos(study, 2)
    find_regions(study)

    def while_another_arrives(*arguments: Any) -> object:
        add_tiny_photos(study, 3)
        return measure(*arguments)

    monkeypatch.setattr(measures, "measure", while_another_arrives)
    measured(study)
    jobs = Job.objects.filter(kind=JobKind.MEASURES).order_by("pk")
    assert list(jobs.values_list("state", flat=True)) == [JobState.DONE, JobState.QUEUED]


def test_the_time_given_is_kept(study: Study) -> None:
    add_tiny_photos(study, 2)
    find_regions(study)
    assert measures_work(study_id=study.pk, seconds=0.001)
    assert Job.objects.filter(kind=JobKind.MEASURES, state=JobState.QUEUED).count() == 1


def test_a_study_can_leave_them_for_later() -> None:
    study = make_tiny_study(measure=False)
    add_tiny_photos(study, 2)
    find_regions(study)
    assert not Job.objects.filter(kind=JobKind.MEASURES).exists()
    assert measures_request(study=study) == 2
    assert measures_request(study=study) == 0, "they are queued"
    measured(study)
    assert measures_request(study=study) == 0, "they are there"
    assert not Region.objects.filter(effect=None).exists()


@pytest.mark.parametrize("switched_to", [True, False])
def test_who_switches_it_while_regions_are_found_is_heeded(
    monkeypatch: pytest.MonkeyPatch, switched_to: bool
) -> None:
    study = make_tiny_study(measure=not switched_to)

    def slowly(*arguments: Any, **named: Any) -> object:
        Study.objects.update(measure=switched_to)
        return explain_batch(*arguments, **named)

    monkeypatch.setattr(preparation, "explain_batch", slowly)
    add_tiny_photos(study, 1)
    find_regions(study)
    assert Job.objects.filter(kind=JobKind.MEASURES).exists() == switched_to


def test_a_network_that_is_no_longer_the_same_is_said(study: Study, image: Image) -> None:
    Image.objects.update(network_digest="0" * 64)
    measured(study)
    job = measures_job(image)
    assert (job.state, job.error) == (JobState.FAILED, OTHER_NETWORK)
    assert not Region.objects.exclude(effect=None).exists()


def test_a_network_that_cannot_be_loaded_fails_all_that_wait(study: Study) -> None:
    add_tiny_photos(study, 3)
    find_regions(study)
    study.network.name = "no_such_network"
    study.network.save()
    measured(study)
    jobs = Job.objects.filter(kind=JobKind.MEASURES)
    assert set(jobs.values_list("state", flat=True)) == {JobState.FAILED}
    assert all(error.startswith("There is no network") for error in jobs.values_list("error", flat=True))
    assert sorted(jobs.values_list("attempt", flat=True)) == [0, 0, 1], "tried once, not once an image"


def test_regions_of_another_revision_are_not_measured(study: Study, image: Image) -> None:
    Study.objects.update(revision=2)
    measured(study)
    assert measures_job(image).error == NO_LAYERS
    assert measures_request(study=Study.objects.get()) == 0


def test_regions_that_change_meanwhile_are_not_given_others_effects(
    study: Study, image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(*arguments: Any) -> object:
        Study.objects.update(revision=2)
        return measure(*arguments)

    monkeypatch.setattr(measures, "measure", slowly)
    measured(study)
    assert measures_job(image).error == CHANGED
    assert not Region.objects.exclude(effect=None).exists()


def test_measures_of_a_lost_claim_are_not_written(
    study: Study, image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = list[Claim]()
    slowly = after_a_long_pause(measure, study, JobKind.MEASURES, others)
    monkeypatch.setattr(measures, "measure", slowly)
    measured(study)
    assert not Region.objects.exclude(effect=None).exists()
    (held,) = others
    assert job_finish(held), "the job is still the other worker's"


def test_a_deleted_image_is_not_measured(study: Study, image: Image) -> None:
    Image.objects.all().delete()
    measured(study)
    assert Job.objects.get(kind=JobKind.MEASURES).error == DELETED


def test_deleting_an_image_deletes_the_job(study: Study, image: Image) -> None:
    images_delete(images=Image.objects.all())
    assert not Job.objects.exists()


def test_broken_maps_and_photographs_fail_with_their_sentence(study: Study) -> None:
    first, second = add_tiny_photos(study, 2)
    first, second = find_regions(study)
    with first.maps.open("wb") as file:
        file.write(b"cut off")
    with second.photo.open("wb") as file:
        file.write(b"cut off")
    measured(study)
    for image in (first, second):
        job = measures_job(image)
        assert job.state == JobState.FAILED
        assert job.error
        assert "Error" not in job.error


def test_without_regions_there_is_nothing_to_measure(study: Study, image: Image) -> None:
    Region.objects.all().delete()
    measured(study)
    assert measures_job(image).state == JobState.DONE
