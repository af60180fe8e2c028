"""Quarantine takes points back and gives them again, as often as researchers change their minds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from labeling.models import Conduct, Label, LedgerEntry, Round, Standing, Study
from labeling.models.reward import EntryKind, week_of
from labeling.services.ledger import agreements_correct
from labeling.services.quarantine import (
    labels_quarantine,
    labels_release,
    players_quarantine,
    players_release,
)
from tests.factories import make_image, make_study
from tests.labeling.ledger import earned, ledger_adds_up, points_of
from tests.labeling.turns import RIGHT, answered

pytestmark = pytest.mark.django_db

FIRST_WORD = 12


@pytest.fixture
def study() -> Study:
    study = make_study(rounds_per_game=1, max_labellings=30)
    make_image(study, layers=1, regions=1)
    return study


def hold(*rounds: Round) -> int:
    return labels_quarantine(labels=Label.objects.filter(round__in=rounds))


def release(*rounds: Round) -> int:
    return labels_release(labels=Label.objects.filter(round__in=rounds))


def test_both_sides_lose_what_a_held_label_earned_and_guesses_stay(study: Study) -> None:
    honest = answered(study, "beak", "red", guess=RIGHT)
    held = answered(study, "beak", guess=RIGHT)
    also = answered(study, "red")
    hold(held)
    assert (earned(held), earned(honest), earned(also)) == (100, 100 + FIRST_WORD, FIRST_WORD)
    assert points_of(held.player) == 100
    corrections = LedgerEntry.objects.filter(kind=EntryKind.CORRECTION)
    assert {entry.points for entry in corrections} == {-FIRST_WORD}
    assert {entry.corrects.kind for entry in corrections if entry.corrects} == {"agreement", "confirmation"}


@pytest.mark.parametrize("times", [1, 2, 5])
def test_back_and_forth_any_number_of_times(study: Study, times: int) -> None:
    first, second, third = (answered(study, "beak") for _ in range(3))
    before = [points_of(round_.player) for round_ in (first, second, third)]
    entries = LedgerEntry.objects.count()
    for _ in range(times):
        hold(second)
        assert [points_of(round_.player) for round_ in (first, second, third)] == [FIRST_WORD, 0, FIRST_WORD]
        ledger_adds_up()
        release(second)
        assert [points_of(round_.player) for round_ in (first, second, third)] == before
        ledger_adds_up()
    assert LedgerEntry.objects.count() == entries + 2 * times * 4, "rows are only ever added"


def test_correcting_twice_corrects_nothing_more(study: Study) -> None:
    first, second = answered(study, "beak"), answered(study, "beak")
    hold(second)
    before = list(LedgerEntry.objects.values())
    assert agreements_correct(label_ids=[first.labels.get().pk, second.labels.get().pk]) == 0
    assert hold(second) == 0
    assert list(LedgerEntry.objects.values()) == before


def test_an_agreement_counts_while_neither_label_is_held(study: Study) -> None:
    first, second = answered(study, "beak"), answered(study, "beak")
    hold(first)
    hold(second)
    release(first)
    assert (earned(first), earned(second)) == (0, 0)
    release(second)
    assert (earned(first), earned(second)) == (FIRST_WORD, FIRST_WORD)


def test_held_labels_leave_room_for_honest_confirmers(study: Study) -> None:
    first = answered(study, "beak")
    clique = [answered(study, "beak") for _ in range(3)]
    hold(*clique)
    assert first.labels.get().confirmed == 0
    honest = [answered(study, "beak") for _ in range(3)]
    assert earned(first) == 3 * FIRST_WORD
    release(*clique)
    assert earned(first) == 3 * FIRST_WORD, "three are enough"
    for round_ in honest:
        of_them = first.ledger.filter(other=round_.player).values_list("points", flat=True)
        assert list(of_them) == [FIRST_WORD], "who confirms it now goes on to"
    assert first.labels.get().confirmed == 3
    hold(honest[0])
    assert earned(first) == 3 * FIRST_WORD, "one of the others takes the place"
    assert first.labels.get().confirmed == 3


def test_a_players_whole_work_is_held_and_released_like_one_label(study: Study) -> None:
    make_image(study, layers=1, regions=1)
    rounds = [answered(study, "beak", "red") for _ in range(8)]
    before = [points_of(round_.player) for round_ in rounds]
    player = rounds[0].player
    conducts = Conduct.objects.filter(
        pk=Conduct.objects.create(study=study, player=player).pk
    ) | Conduct.objects.filter(pk=Conduct.objects.create(study=study, player=rounds[1].player).pk)
    for _ in range(2):
        assert players_quarantine(conducts=conducts) == 4
        assert points_of(player) == points_of(rounds[1].player) == 0
        assert not LedgerEntry.objects.filter(other=player, corrections=None, kind="confirmation").exists()
        ledger_adds_up()
        assert players_release(conducts=conducts) == 4
        ledger_adds_up()
    assert sum(points_of(round_.player) for round_ in rounds) == sum(before)


def test_many_labels_in_one_go_are_corrected_like_one(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeling.services.ledger.CHUNK", 2)
    monkeypatch.setattr("labeling.services.agreements.CHUNK", 2)
    monkeypatch.setattr("labeling.services.holding.CHUNK", 3)
    rounds = [answered(study, "beak", "red", "tail") for _ in range(5)]
    before = [points_of(round_.player) for round_ in rounds]
    assert hold(*rounds) == 15
    assert [points_of(round_.player) for round_ in rounds] == [0] * 5
    assert release(*rounds) == 15
    assert [points_of(round_.player) for round_ in rounds] == before


def test_corrections_count_in_the_week_in_which_they_are_made(study: Study) -> None:
    first, second = answered(study, "beak"), answered(study, "beak")
    last_week = week_of(timezone.now().date()) - timedelta(days=7)
    LedgerEntry.objects.update(created_at=timezone.now() - timedelta(days=7))
    Standing.objects.update(week=last_week)
    hold(second)
    weeks = Standing.objects.filter(player=first.player).order_by("week").values_list("week", "points")
    assert list(weeks) == [(last_week, FIRST_WORD), (week_of(timezone.now().date()), -FIRST_WORD)]


def test_what_a_deleted_label_paid_others_stays(study: Study) -> None:
    first, second = answered(study, "beak"), answered(study, "beak")
    second.labels.all().delete()
    assert earned(first) == FIRST_WORD
    hold(first)
    assert earned(first) == 0
