"""Days in a row, and what happens at midnight."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from labeling.models import Image, LedgerEntry, Player, Standing, Study
from labeling.models.reward import EntryKind
from labeling.services.answers import Answer, round_answer
from tests.factories import make_image, make_player, make_round, make_study
from tests.labeling.ledger import ledger_adds_up
from tests.labeling.turns import WRONG

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
SUNDAY_MIDNIGHT = datetime(2026, 3, 8, 23, 59, 59, 999_990, tzinfo=UTC)

SetClock = Callable[[datetime], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    def at(now: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now)

    return at


@pytest.fixture
def study() -> Study:
    study = make_study(rounds_per_game=20, max_labellings=30)
    for _ in range(12):
        make_image(study, layers=1, regions=1)
    return study


@pytest.fixture
def player(study: Study) -> Player:
    return make_player(study)


def answer(study: Study, player: Player) -> int:
    """What the days in a row have earned with this answer."""
    round_ = make_round(study, Player.objects.get(pk=player.pk))
    assert round_answer(round_=round_, answer=Answer(("beak",), WRONG))
    entries = LedgerEntry.objects.filter(round=round_, kind=EntryKind.STREAK)
    return sum(entries.values_list("points", flat=True))


def streak(player: Player) -> tuple[int, date | None]:
    player.refresh_from_db()
    return player.streak_days, player.streak_on


def test_the_first_answer_of_each_further_day_earns(
    study: Study, player: Player, set_clock: SetClock
) -> None:
    earned = []
    for day in range(9):
        set_clock(MONDAY + timedelta(days=day))
        earned.append((answer(study, player), answer(study, player) if day in {0, 1, 4} else 0))
    assert earned == [(points, 0) for points in (0, 20, 30, 40, 50, 60, 70, 70, 70)]
    assert streak(player) == (9, date(2026, 3, 10))
    weeks = Standing.objects.order_by("week").values_list("week", "points")
    assert list(weeks) == [(date(2026, 3, 2), 270), (date(2026, 3, 9), 140)]


def test_a_day_without_play_begins_anew(study: Study, player: Player, set_clock: SetClock) -> None:
    for day, earned in ((0, 0), (1, 20), (3, 0), (4, 20)):
        set_clock(MONDAY + timedelta(days=day))
        assert answer(study, player) == earned
    assert streak(player) == (2, date(2026, 3, 6))


def test_a_day_counts_once_over_all_studies(player: Player, set_clock: SetClock) -> None:
    studies = [make_study(), make_study()]
    for study in studies:
        make_image(study)
        make_image(study)
    set_clock(MONDAY)
    answer(studies[0], player)
    set_clock(MONDAY + timedelta(days=1))
    assert [answer(study, player) for study in studies] == [20, 0]
    assert streak(player)[0] == 2


def test_two_answers_at_once_count_the_day_once(study: Study, player: Player, set_clock: SetClock) -> None:
    """The second has read the player before the first is stored."""
    set_clock(MONDAY)
    answer(study, player)
    set_clock(MONDAY + timedelta(days=1))
    elsewhere = make_study()
    make_image(elsewhere)
    stale = make_round(elsewhere, Player.objects.get(pk=player.pk))
    assert stale.player.streak_on == MONDAY.date()
    assert answer(study, player) == 20
    assert round_answer(round_=stale, answer=Answer(("beak",), WRONG))
    assert LedgerEntry.objects.filter(kind=EntryKind.STREAK).count() == 1
    assert streak(player) == (2, date(2026, 3, 3))


@pytest.mark.parametrize("looks", range(1, 12))
def test_midnight_between_any_two_looks_at_the_clock(
    study: Study, player: Player, monkeypatch: pytest.MonkeyPatch, set_clock: SetClock, looks: int
) -> None:
    """It is Monday from the n-th look on; the answer counts for one of the two days and the next follows."""
    set_clock(SUNDAY_MIDNIGHT - timedelta(days=1))
    answer(study, player)
    set_clock(SUNDAY_MIDNIGHT)
    round_ = make_round(study, Player.objects.get(pk=player.pk))
    looked = iter([SUNDAY_MIDNIGHT] * looks)
    monkeypatch.setattr(timezone, "now", lambda: next(looked, SUNDAY_MIDNIGHT + timedelta(microseconds=20)))
    assert round_answer(round_=round_, answer=Answer(("beak",), WRONG))
    ledger_adds_up()
    set_clock(SUNDAY_MIDNIGHT + timedelta(hours=1))
    answer(study, player)
    assert streak(player) in {(3, date(2026, 3, 9)), (1, date(2026, 3, 9))}
    ledger_adds_up()


def test_a_machine_whose_clock_is_late_takes_no_day_away(
    study: Study, player: Player, set_clock: SetClock
) -> None:
    for day, earned in ((0, 0), (1, 20), (0, 0), (2, 30)):
        set_clock(MONDAY + timedelta(days=day))
        assert answer(study, player) == earned
    assert Image.objects.count() == 12
