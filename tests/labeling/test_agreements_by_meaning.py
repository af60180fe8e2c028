"""What only the meaning shows, by the real worker's function and the packaged sentence model."""

from typing import Any

import pytest

from analysis.labels.aggregate import aggregate
from labeling.models import Image, Job, Label, LedgerEntry, Study
from labeling.models.job import JobKind
from labeling.models.reward import EntryKind
from labeling.services.quarantine import labels_quarantine, labels_release
from tests.factories import make_image, make_study
from tests.labeling.ledger import earned, ledger_adds_up
from tests.labeling.turns import answered, explain

pytestmark = pytest.mark.django_db

FIRST_WORD = 12


@pytest.fixture
def study() -> Study:
    return make_study(rounds_per_game=1, max_labellings=30)


@pytest.fixture(autouse=True)
def image(study: Study) -> Image:
    return make_image(study, layers=1, regions=1)


def test_other_words_for_the_same_pay_both_once(study: Study) -> None:
    first = answered(study, "feathers")
    second = answered(study, "red feathers", "windows")
    assert earned(first) == earned(second) == 0
    explain(study)
    assert earned(first, EntryKind.CONFIRMATION) == FIRST_WORD
    assert earned(second, EntryKind.AGREEMENT) == FIRST_WORD
    assert list(Label.objects.order_by("pk").values_list("text", "confirmed")) == [
        ("feathers", 1),
        ("red feathers", 1),
        ("windows", 0),
    ]
    before = list(LedgerEntry.objects.values())
    explain(study)
    assert list(LedgerEntry.objects.values()) == before


def test_what_was_paid_at_once_is_not_paid_again(study: Study) -> None:
    first, second = answered(study, "feathers"), answered(study, "feathers")
    before = list(LedgerEntry.objects.values())
    explain(study)
    assert list(LedgerEntry.objects.values()) == before
    third = answered(study, "red feathers")
    explain(study)
    assert [earned(round_) for round_ in (first, second, third)] == [2 * FIRST_WORD] * 3


def test_one_meaning_pays_once_whatever_its_words(study: Study) -> None:
    greedy = answered(study, "feathers", "red feathers", "the feather")
    honest = answered(study, "red feathers")
    explain(study)
    assert earned(greedy) == earned(honest) == FIRST_WORD
    assert list(greedy.labels.values_list("confirmed", flat=True)) == [0, 1, 0]


def test_by_meaning_too_three_confirm_at_most(study: Study) -> None:
    words = ["feathers", "red feathers", "feather", "the red feather", "some feathers"]
    rounds = [answered(study, word) for word in words]
    explain(study)
    explain(study)
    assert [round_.labels.get().confirmed for round_ in rounds] == [3] * 5


def test_words_of_another_region_confirm_nothing(study: Study) -> None:
    make_image(study, layers=1, regions=1)
    Study.objects.update(max_labellings=1)
    study.regions.update(capacity=1)
    one, other = answered(study, "feathers"), answered(study, "red feathers")
    assert one.region_id != other.region_id
    explain(study)
    assert not LedgerEntry.objects.exists()


def test_held_labels_earn_nothing_until_they_are_released(study: Study) -> None:
    first, held = answered(study, "feathers"), answered(study, "red feathers")
    labels_quarantine(labels=held.labels.all())
    explain(study)
    assert not LedgerEntry.objects.exists()
    labels_release(labels=held.labels.all())
    explain(study)
    assert earned(first) == earned(held) == FIRST_WORD


def test_answers_while_a_worker_computes_are_seen_when_it_pays(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = answered(study, "feathers"), answered(study, "red feathers")

    def slowly(*arguments: Any, **options: Any) -> object:
        if Label.objects.count() < 5:
            for _ in range(3):
                answered(study, "feathers")
            labels_quarantine(labels=Label.objects.filter(pk=Label.objects.latest("pk").pk))
            answered(study, "feathers")
        return aggregate(*arguments, **options)

    monkeypatch.setattr("labeling.services.explanations.aggregate", slowly)
    explain(study)
    assert first.labels.get().confirmed == 3, "by those who came meanwhile"
    assert earned(first) == 3 * FIRST_WORD
    ledger_adds_up()
    assert second.labels.get().confirmed == 3
    assert Job.objects.get(kind=JobKind.EXPLANATIONS).attempt == 2, (
        "looked again, as it was asked to meanwhile"
    )
