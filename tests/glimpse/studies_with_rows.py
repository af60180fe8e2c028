"""A study with a row of every kind that the admin shows."""

from django.contrib.auth.models import User
from django.db.models import Model
from django.urls import reverse

from labeling.models import Conduct, Explanation, Job, Label, LabelGroup, LedgerEntry, Region, Report, Study
from labeling.models.game import ReportReason
from labeling.models.image import Sign
from labeling.models.job import JobKind, JobState
from labeling.services.answers import Answer, round_answer
from tests.factories import make_image, make_player, make_round, make_study

MANIFEST = {"labels": 1, "players": 1}
SIGNALS = {
    "repetition": {
        "value": 0.9,
        "limit": 0.8,
        "found": True,
        "alone": True,
        "evidence": "“<b>beak</b>” again.",
    }
}


MEMBERS = [{"text": "beak", "count": 2}]


def make_rows(owner: User | None) -> list[Model]:
    """One row of each model that belongs to the study, the study first."""
    study = make_study(owner=owner)
    image = make_image(study, layers=1, regions=1)
    image.regions.filter(sign=Sign.OPPOSES).delete()
    round_ = make_round(study, make_player(study))
    round_answer(round_=round_, answer=Answer(("red beak",), image.true_class))
    Job.objects.filter(study=study).delete()
    group = LabelGroup.objects.create(study=study, explained_class=1, number=0, name="beak", members=MEMBERS)
    explanation = Explanation.objects.create(
        image=image, revision=1, result={"layers": []}, manifest=MANIFEST
    )
    job = Job.objects.create(
        study=study, kind=JobKind.REGIONS, subject=image.pk, state=JobState.FAILED, error="Broken.", tries=3
    )
    conduct = Conduct.objects.create(study=study, player=round_.player, trust=0.5, signals=SIGNALS)
    report = Report.objects.create(image=image, player=round_.player, reason=ReportReason.BROKEN)
    region, label = Region.objects.get(pk=round_.region_id), Label.objects.get(round=round_)
    entry = LedgerEntry.objects.get(round=round_)
    return [study, image, region, round_, label, group, explanation, conduct, report, entry, job]


def study_of(rows: list[Model]) -> Study:
    study = rows[0]
    assert isinstance(study, Study)
    return study


def change(row: Model) -> str:
    return reverse(f"admin:labeling_{row._meta.model_name}_change", args=[row.pk])


def changelist(row: Model) -> str:
    return reverse(f"admin:labeling_{row._meta.model_name}_changelist")
