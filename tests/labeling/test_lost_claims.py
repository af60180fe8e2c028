"""A worker that was thought dead, and wakes up after somebody else has claimed its job, writes nothing."""

import pytest

from analysis.labels.aggregate import aggregate
from analysis.regions import explain_batch
from labeling.models import Explanation, Job, LabelGroup
from labeling.models.job import JobKind
from labeling.services import explanations, preparation
from labeling.services.answers import Answer, round_answer
from labeling.services.claims import Claim, job_finish
from labeling.services.studies import Upload, images_add
from tests.factories import make_image, make_player, make_round, make_study
from tests.labeling.photos import demo_photo, make_new_study
from tests.labeling.work import after_a_long_pause

pytestmark = pytest.mark.django_db(transaction=True)


def test_regions_of_a_lost_claim_are_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    study, others = make_new_study(), list[Claim]()
    images_add(study=study, uploads=[Upload("owl.jpg", demo_photo("owl.jpg"))])
    slowly = after_a_long_pause(explain_batch, study, JobKind.REGIONS, others)
    monkeypatch.setattr(preparation, "explain_batch", slowly)
    assert not preparation.regions_work(study_id=study.pk, seconds=120)
    image = study.images.get()
    assert image.prepared_at is None
    assert not image.regions.exists()
    assert image.upload.storage.exists(str(image.upload)), "the other worker needs it"
    (held,) = others
    assert job_finish(held), "the job is still the other worker's"


def test_explanations_of_a_lost_claim_are_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    study, others = make_study(), list[Claim]()
    make_image(study)
    round_answer(round_=make_round(study, make_player(study)), answer=Answer(("long beak",), 1))
    slowly = after_a_long_pause(aggregate, study, JobKind.EXPLANATIONS, others)
    monkeypatch.setattr(explanations, "aggregate", slowly)
    assert not explanations.explanations_work(study_id=study.pk, seconds=60)
    assert not Explanation.objects.exists()
    assert not LabelGroup.objects.exists()
    (held,) = others
    assert Job.objects.get().attempt == held.attempt == 2
    assert job_finish(held)
