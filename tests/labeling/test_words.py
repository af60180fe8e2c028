"""How often each word has been said: every label is counted once."""

import pytest

from labeling.models import Label, Study, Word
from labeling.models.study import StudyState
from labeling.services.quarantine import labels_quarantine
from labeling.services.words import words_count, words_count_due
from tests.factories import make_image, make_study
from tests.labeling.threads import at_once
from tests.labeling.turns import answered


@pytest.fixture
def study() -> Study:
    study = make_study(rounds_per_game=1, max_labellings=30)
    make_image(study, layers=1, regions=1)
    return study


def counted(study: Study) -> dict[str, int]:
    return dict(Word.objects.filter(study=study).values_list("text", "labels"))


def total(study: Study) -> int:
    study.refresh_from_db()
    return study.words_total


@pytest.mark.django_db
def test_each_count_adds_what_is_new(study: Study) -> None:
    answered(study, "beak", "red")
    answered(study, "a beak")
    assert words_count(study=study) == 3
    assert words_count(study=study) == 0
    assert (counted(study), total(study)) == ({"beak": 2, "red": 1}, 3)
    answered(study, "beak", "tail")
    assert words_count(study=study) == 2
    assert (counted(study), total(study)) == ({"beak": 3, "red": 1, "tail": 1}, 5)


@pytest.mark.django_db
def test_a_held_label_was_said_all_the_same(study: Study) -> None:
    answered(study, "beak")
    labels_quarantine(labels=Label.objects.all())
    words_count(study=study)
    assert counted(study) == {"beak": 1}


@pytest.mark.django_db
def test_studies_count_apart_and_only_while_they_are_open(study: Study) -> None:
    other = make_study(rounds_per_game=1)
    make_image(other, layers=1, regions=1)
    answered(study, "beak")
    answered(other, "beak")
    Study.objects.filter(pk=other.pk).update(state=StudyState.FINISHED)
    assert words_count_due() == 1
    assert (counted(study), counted(other)) == ({"beak": 1}, {})


@pytest.mark.django_db
def test_what_was_counted_makes_a_word_common(study: Study) -> None:
    for _ in range(3):
        answered(study, "beak")
    words_count(study=study)
    study.refresh_from_db()
    entry = answered(study, "beak").ledger.first()
    assert entry is not None
    assert entry.points == 8  # (3 + 1) / (3 + 64): 4.07 bits


@pytest.mark.django_db(transaction=True)
def test_counts_at_the_same_time_count_once(study: Study) -> None:
    for _ in range(20):
        answered(study, "beak", "red")
    added: list[int] = []
    assert at_once([lambda: added.append(words_count(study=study))] * 6) == []
    assert sorted(added) == [0, 0, 0, 0, 0, 40]
    assert (counted(study), total(study)) == ({"beak": 20, "red": 20}, 40)
