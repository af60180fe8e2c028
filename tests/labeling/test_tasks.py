"""Every task may run twice: a message can arrive again, and a job's row says what is left to do."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db.models import Model, QuerySet
from django.utils import timezone

from labeling import tasks
from labeling.models import (
    ClassExplanation,
    Explanation,
    Image,
    Job,
    LabelGroup,
    Region,
    RegionReliability,
    Round,
    Study,
    Word,
)
from labeling.models.job import JobKind, JobState
from labeling.services.answers import Answer, round_answer
from labeling.services.claims import jobs_claim
from labeling.services.studies import Upload, images_add
from tests.factories import make_image, make_player, make_round, make_study
from tests.labeling.photos import demo_photo, make_new_study

pytestmark = pytest.mark.django_db(transaction=True)


def rows(*models: type[Model]) -> list[object]:
    tables: list[QuerySet[Model]] = [model._default_manager.order_by("pk") for model in models]
    return [list(table.values()) for table in tables]


def test_regions_are_prepared_once() -> None:
    study = make_new_study()
    images_add(study=study, uploads=[Upload("owl.jpg", demo_photo("owl.jpg"), "great grey owl")])
    tasks.regions_prepare(study.pk)
    before = rows(Job, Image, Region)
    assert Region.objects.exists()
    tasks.regions_prepare(study.pk)
    assert rows(Job, Image, Region) == before


def test_labels_are_explained_once() -> None:
    study = make_study()
    make_image(study)
    round_answer(round_=make_round(study, make_player()), answer=Answer(("long beak",), 1))
    tasks.explanations_refresh(study.pk)
    before = rows(Job, LabelGroup, Explanation)
    assert Explanation.objects.exists()
    tasks.explanations_refresh(study.pk)
    assert rows(Job, LabelGroup, Explanation) == before


def test_classes_are_explained_and_agreement_measured_once() -> None:
    study = make_study()
    make_image(study)
    round_answer(round_=make_round(study, make_player()), answer=Answer(("long beak",), 1))
    tasks.explanations_refresh(study.pk)
    tasks.classes_explain(study.pk)
    assert not ClassExplanation.objects.exists(), "not due yet"
    Job.objects.update(created_at=timezone.now() - timedelta(hours=1))
    for task in (tasks.classes_explain, tasks.reliability_measure):
        task(study.pk)
        before = rows(Job, ClassExplanation, Study, RegionReliability)
        task(study.pk)
        assert rows(Job, ClassExplanation, Study, RegionReliability) == before
    assert ClassExplanation.objects.exists()
    assert RegionReliability.objects.exists()


def test_the_sweep_takes_back_what_has_expired_once() -> None:
    study = make_study()
    image = make_image(study)
    round_answer(round_=make_round(study, make_player()), answer=Answer(("long beak",), 1))
    jobs_claim(study_id=study.pk, kind=JobKind.EXPLANATIONS, limit=1)
    make_round(study, make_player())
    image.upload.save("left-behind", ContentFile(b"by a worker that died before it could delete it"))
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.update(heartbeat=long_ago)
    Round.objects.update(leased_until=long_ago)
    tasks.sweep()
    before = rows(Job, Round, Region, Image, Word)
    assert list(Job.objects.values_list("kind", "state")) == [
        (JobKind.EXPLANATIONS, JobState.QUEUED),
        (JobKind.QUALITY, JobState.QUEUED),
    ]
    assert Study.objects.get().words_total == 1
    assert list(Round.objects.values_list("holds_place", flat=True)) == [True, False]
    image.refresh_from_db()
    assert not image.upload
    assert not image.upload.storage.exists("left-behind")
    tasks.sweep()
    assert rows(Job, Round, Region, Image, Word) == before
