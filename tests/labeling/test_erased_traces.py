"""What a player takes back is in no explanation, test, link or vector any more."""

import json
from hashlib import sha256

import numpy as np
import pytest

from analysis.labels.aggregate import aggregate
from labeling.models import (
    ClassExplanation,
    ConceptTest,
    Explanation,
    Image,
    Job,
    Label,
    LabelGroup,
    Player,
    SentenceVector,
    Share,
    Study,
)
from labeling.models.job import JobKind, JobState
from labeling.models.study import Withdrawal
from labeling.services import explanations
from labeling.services.classes import classes_work
from labeling.services.erasing import rounds_erase
from labeling.services.explanations import explanations_work
from labeling.services.reliability import reliability_work
from labeling.services.vectors import VectorTable
from labeling.services.withdrawal import player_delete, study_withdraw
from labeling.services.words import words_count
from tests.factories import make_image, make_study
from tests.glimpse.rows import all_rows
from tests.labeling.turns import RIGHT, answered, explain

pytestmark = pytest.mark.django_db
OTHER = 4


@pytest.fixture
def study() -> Study:
    """One image with one region; words go with who withdraws."""
    study = make_study(max_labellings=9, rounds_per_game=1)
    make_image(study, layers=1, regions=1)
    Study.objects.filter(pk=study.pk).update(withdrawal=Withdrawal.DELETE)
    study.refresh_from_db()
    return study


def work(study: Study) -> None:
    words_count(study=study)
    explain(study)
    assert not classes_work(study_id=study.pk, seconds=60, at_once=True)
    assert not reliability_work(study_id=study.pk, seconds=60, at_once=True)
    assert not Job.objects.filter(state=JobState.FAILED).exists()


def test_concept_tests_and_links_of_the_class_go_and_no_others(study: Study) -> None:
    """Rows that workers would write, of the class and of another one."""
    image = study.images.get()
    for index in (RIGHT, OTHER):
        ConceptTest.objects.create(
            study=study, explained_class=index, result=[{"name": "sporran"}], manifest={}
        )
        Share.objects.create(study=study, explained_class=index, revision=1)
    Share.objects.create(study=study, image=image, revision=1)
    mine = answered(study, "tartan sporran", guess=RIGHT)
    study_withdraw(player=mine.player, study=study)
    assert ConceptTest.objects.get().explained_class == OTHER
    assert Share.objects.get().explained_class == OTHER


def traces(word: str) -> list[str]:
    """Kinds of rows with the word in them."""
    return [model for model, rows in all_rows().items() if word in json.dumps(rows, default=str)]


def has_vector(text: str) -> bool:
    return SentenceVector.objects.filter(digest=sha256(text.encode()).digest()).exists()


def test_nothing_is_left_of_words_that_nobody_else_said(study: Study) -> None:
    answered(study, "red")
    mine = answered(study, "tartan sporran", guess=RIGHT)
    work(study)
    assert {"Label", "LabelGroup", "Explanation", "ClassExplanation"} <= set(traces("sporran"))
    assert has_vector("tartan sporran")
    study_withdraw(player=mine.player, study=study)
    assert traces("sporran") == ["LabelGroup"], "until its class is explained anew"
    assert not ClassExplanation.objects.exists()
    work(study)
    assert traces("sporran") == []
    assert not has_vector("tartan sporran")
    assert has_vector("red"), "others say it"
    (layer,) = ClassExplanation.objects.get().result["layers"]
    assert [label["name"] for label in layer["supporting"]] == ["red"]
    study.refresh_from_db()
    assert (study.reliability["labels"], study.reliability["players"]) == (1, 1)


def test_deleting_the_player_has_classes_explained_anew(study: Study) -> None:
    mine = answered(study, "tartan sporran", guess=RIGHT)
    work(study)
    player_delete(player=mine.player)
    work(study)
    assert not Player.objects.exists()
    assert traces("sporran") == []
    assert not ClassExplanation.objects.exists(), "there is nothing to say"
    assert not SentenceVector.objects.exists()


def test_anonymised_words_stay_everywhere(study: Study) -> None:
    mine = answered(study, "tartan sporran", guess=RIGHT)
    work(study)
    study_withdraw(player=mine.player, study=study, way=Withdrawal.ANONYMISE)
    work(study)
    assert ClassExplanation.objects.get().revision == 1
    assert has_vector("tartan sporran")


def test_words_erased_while_they_are_grouped_are_written_nowhere(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = study.images.get()
    answered(study, "tartan sporran", guess=RIGHT)
    answered(study, "red", guess=RIGHT)
    computed = aggregate

    def erased(*arguments: object, **named: object) -> object:
        found = computed(*arguments, **named)  # type: ignore[arg-type]
        if Label.objects.filter(raw="tartan sporran").exists():
            assert has_vector("tartan sporran")
            rounds_erase(image.rounds.filter(labels__raw="tartan sporran"))
        return found

    monkeypatch.setattr(explanations, "aggregate", erased)
    assert not explanations_work(study_id=study.pk, seconds=60)
    job = Job.objects.get(kind=JobKind.EXPLANATIONS)
    assert (job.state, job.attempt) == (JobState.DONE, 2), "once more, without them"
    assert traces("sporran") == []
    assert not has_vector("tartan sporran")
    assert Explanation.objects.get().revision == 1
    assert LabelGroup.objects.get().name == "red"


def test_vectors_of_a_text_that_others_say_in_other_words_are_computed_once_more(study: Study) -> None:
    """A text is kept by what is counted of labels; the macaw's beak is counted under a longer name."""
    for text in ("beak", "the macaw's beak"):
        answered(study, text, guess=RIGHT)
    work(study)
    before = VectorTable().fetch(explanations.embedder().name, ["beak"])["beak"]
    study_withdraw(player=Label.objects.get(raw="beak").round.player, study=study)
    work(study)
    np.testing.assert_allclose(VectorTable().fetch(explanations.embedder().name, ["beak"])["beak"], before)
    assert Image.objects.get().explanations.get().revision == 1
