"""Who stands where this week."""

from datetime import timedelta

import pytest
from django.utils import timezone

from labeling.models import Conduct, LedgerEntry, Player, Standing, Study
from labeling.models.reward import EntryKind, week_of
from labeling.models.study import Leaderboard
from labeling.selectors.rewards import BEST, NEIGHBOURS, leaderboard, score_of
from labeling.services.ledger import entries_write
from tests.factories import make_player, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    return make_study()


def player_with(study: Study, points: int, nickname: str = "Otter") -> Player:
    player = make_player(study, nickname=nickname)
    entry = LedgerEntry(
        player=player, study=study, kind=EntryKind.STREAK, points=points, key=f"k/{player.pk}"
    )
    entries_write([entry])
    return player


def shown(study: Study, player: Player | None) -> list[tuple[int, int, bool]]:
    return [(place.rank, place.points, place.is_own) for place in leaderboard(study, player)]


def test_the_best_of_the_week_come_first_and_equal_points_share_a_rank(study: Study) -> None:
    for points in (10, 50, 30, 50, 30, 30):
        player_with(study, points)
    own = player_with(study, 20)
    assert shown(study, own) == [
        (1, 50, False),
        (1, 50, False),
        (3, 30, False),
        (3, 30, False),
        (3, 30, False),
        (6, 20, True),
        (7, 10, False),
    ]
    assert shown(study, None)[5] == (6, 20, False)


def test_ten_at_most_and_beyond_them_only_ones_own(study: Study) -> None:
    for points in range(100, 100 + BEST + 5):
        player_with(study, points)
    own = player_with(study, 7)
    places = shown(study, own)
    assert len(places) == BEST + 1
    assert places[-1] == (BEST + 6, 7, True)
    assert len(shown(study, None)) == BEST
    top = player_with(study, 900)
    assert shown(study, top)[0] == (1, 900, True)
    assert len(shown(study, top)) == BEST, "not twice"


def test_a_relative_board_shows_the_neighbours_only(study: Study) -> None:
    study.leaderboard = Leaderboard.RELATIVE
    for points in range(100, 110):
        player_with(study, points)
    own = player_with(study, 105)
    assert shown(study, own) == [
        (3, 107, False),
        (4, 106, False),
        (5, 105, False),
        (5, 105, True),
        (7, 104, False),
        (8, 103, False),
        (9, 102, False),
    ]
    assert shown(study, None) == []
    assert shown(study, make_player(study)) == [], "without points there is no place"


def test_ranks_are_right_below_a_tie_that_is_not_all_shown(study: Study) -> None:
    study.leaderboard = Leaderboard.RELATIVE
    for _ in range(6):
        player_with(study, 100)
    own = player_with(study, 50)
    player_with(study, 40)
    assert shown(study, own) == [(1, 100, False)] * NEIGHBOURS + [(7, 50, True), (8, 40, False)]


def test_there_may_be_no_board(study: Study) -> None:
    study.leaderboard = Leaderboard.OFF
    assert shown(study, player_with(study, 10)) == []


def test_only_this_weeks_points_of_this_study_count(study: Study) -> None:
    own = player_with(study, 10)
    other = player_with(make_study(), 99)
    entry = LedgerEntry.objects.get(player=player_with(study, 500))
    LedgerEntry.objects.filter(pk=entry.pk).update(created_at=timezone.now() - timedelta(days=7))
    last_week = week_of(timezone.now().date()) - timedelta(days=7)
    Standing.objects.filter(player=entry.player).update(week=last_week)
    player_with(study, -5)
    assert shown(study, own) == [(1, 10, True)]
    assert shown(study, other) == [(1, 10, False)]


@pytest.mark.parametrize("board", [Leaderboard.WEEKLY, Leaderboard.RELATIVE])
def test_held_players_stand_on_their_own_board_only(study: Study, board: Leaderboard) -> None:
    study.leaderboard = board
    first, held, last = player_with(study, 30), player_with(study, 20), player_with(study, 10)
    Conduct.objects.create(study=study, player=held, quarantined=True)
    Conduct.objects.create(study=make_study(), player=first, quarantined=True)
    Conduct.objects.create(study=study, player=last, quarantined=False)
    assert shown(study, first) == [(1, 30, True), (2, 10, False)]
    assert shown(study, last) == [(1, 30, False), (2, 10, True)]
    assert shown(study, held) == [(1, 30, False), (2, 20, True), (3, 10, False)], "as if nothing were"


def test_a_held_winner_sees_themselves_on_top(study: Study) -> None:
    for points in range(10, 10 + BEST):
        player_with(study, points)
    held = player_with(study, 500)
    Conduct.objects.create(study=study, player=held, quarantined=True)
    assert shown(study, held)[0] == (1, 500, True)
    assert len(shown(study, held)) == BEST


def test_who_has_no_name_is_on_nobodys_board(study: Study) -> None:
    player_with(study, 30, nickname="")
    own = player_with(study, 10)
    assert shown(study, own) == [(1, 10, True)]


def test_a_score_is_of_all_weeks_and_studies(study: Study) -> None:
    player = player_with(study, 300)
    entries_write(
        [LedgerEntry(player=player, study=make_study(), kind=EntryKind.STREAK, points=75, key="more")]
    )
    score = score_of(player)
    assert (score.points, score.level, score.next_level_at) == (375, 2, 750)
    assert score.done == pytest.approx((375 - 250) / 500)
    nobody = score_of(make_player(study))
    assert (nobody.points, nobody.level, nobody.done) == (0, 1, 0)
