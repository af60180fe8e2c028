"""When concept tests are made, and what becomes of those that fail. What they find: tests of their own."""

import pytest

from analysis.networks.errors import NetworkError
from labeling import tasks
from labeling.models import ConceptTest, Job, Study
from labeling.models.job import JobKind, JobState
from labeling.services import concept_jobs
from labeling.services.claims import jobs_claim
from labeling.services.classes import classes_work
from labeling.services.concept_evidence import ConceptsError
from labeling.services.concept_jobs import concepts_work
from labeling.services.concepts import CHANGED
from labeling.services.jobs import jobs_queue, jobs_sweep
from tests.factories import make_image, make_study
from tests.labeling.turns import RIGHT, answered, explain
from tests.labeling.work import fall_silent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def study() -> Study:
    study = make_study(rounds_per_game=1, max_labellings=9)
    make_image(study, layers=1, regions=1)
    return study


@pytest.fixture
def tested(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Classes that were tested; each finds the same every time."""
    classes: list[int] = []

    def test(*, study: Study, explained_class: int) -> bool:
        classes.append(explained_class)
        ConceptTest.objects.get_or_create(
            study=study, explained_class=explained_class, defaults={"result": [], "manifest": {}}
        )
        return True

    monkeypatch.setattr(concept_jobs, "concepts_test", test)
    return classes


def fails(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def test(**_: object) -> bool:
        raise error

    monkeypatch.setattr(concept_jobs, "concepts_test", test)


def explain_class(study: Study) -> None:
    explain(study)
    assert not classes_work(study_id=study.pk, seconds=60, at_once=True)


def ask(study: Study, *classes: int) -> None:
    jobs_queue(study_id=study.pk, kind=JobKind.CONCEPTS, subjects=classes)


def work(study: Study) -> list[tuple[int, str, str]]:
    assert not concepts_work(study_id=study.pk, seconds=60, at_once=True)
    jobs = Job.objects.filter(study=study, kind=JobKind.CONCEPTS).order_by("subject")
    return list(jobs.values_list("subject", "state", "error"))


def asked(study: Study) -> int:
    job = Job.objects.filter(study=study, kind=JobKind.CONCEPTS, subject=RIGHT).first()
    return job.generation if job else 0


def test_a_class_is_tested_when_other_labels_lead(study: Study, tested: list[int]) -> None:
    answered(study, "wheel", guess=RIGHT)
    explain_class(study)
    assert asked(study) == 1
    answered(study, "wheel", guess=RIGHT)
    explain_class(study)
    assert asked(study) == 1, "a score alone changes no test"
    for _ in range(3):
        answered(study, "long beak", guess=RIGHT)
    explain_class(study)
    assert asked(study) == 2
    assert work(study) == [(RIGHT, JobState.DONE, "")]
    tasks.concepts_test(study.pk)
    assert tested == [RIGHT]


def test_photographs_of_any_study_come_first(study: Study, tested: list[int]) -> None:
    ask(study, 1)
    photograph = make_study()
    jobs_queue(study_id=photograph.pk, kind=JobKind.REGIONS, subjects=[5])
    assert work(study) == [(1, JobState.QUEUED, "")]
    Job.objects.filter(study=photograph).delete()
    assert work(study) == [(1, JobState.DONE, "")]
    assert tested == [1]


def test_what_is_not_due_waits(study: Study, tested: list[int]) -> None:
    ask(study, 1)
    tasks.concepts_test(study.pk)
    assert tested == []


def test_labels_that_change_meanwhile_have_it_tried_again_later(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(study, 1)
    once = iter([ConceptsError(CHANGED)])

    def test(**_: object) -> bool:
        if error := next(once, None):
            raise error
        return False

    monkeypatch.setattr(concept_jobs, "concepts_test", test)
    assert work(study) == [(1, JobState.DONE, "")]
    assert Job.objects.get(kind=JobKind.CONCEPTS).attempt == 2


def test_what_cannot_be_tested_fails_with_its_sentence_and_the_others_go_on(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(study, 1, 2)
    fails(monkeypatch, ConceptsError("The photograph owl.jpg cannot be read."))
    error = "The photograph owl.jpg cannot be read."
    assert work(study) == [(1, JobState.FAILED, error), (2, JobState.FAILED, error)]
    assert set(Job.objects.values_list("attempt", flat=True)) == {1}, "each was tried"


def test_a_network_that_does_not_load_fails_all_at_once(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(study, 1, 2)
    fails(monkeypatch, NetworkError("There is no such network."))
    assert [state for _, state, _ in work(study)] == [JobState.FAILED] * 2
    assert list(Job.objects.order_by("subject").values_list("attempt", flat=True)) == [1, 0]


def test_a_worker_killed_in_the_middle_is_followed_by_another(study: Study, tested: list[int]) -> None:
    """Killed after it wrote and before it ended the job."""
    ask(study, 1)
    jobs_claim(study_id=study.pk, kind=JobKind.CONCEPTS, limit=1)
    ConceptTest.objects.create(study=study, explained_class=1, result=[], manifest={})
    before = ConceptTest.objects.values().get()
    fall_silent()
    assert jobs_sweep() == 1
    assert work(study) == [(1, JobState.DONE, "")]
    assert tested == [1]
    assert ConceptTest.objects.values().get() == before
