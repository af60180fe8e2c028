import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from labeling.models import Player, Standing, Study
from labeling.models.reward import week_of
from labeling.models.study import Leaderboard, StudyState
from tests.factories import make_player


def page_of(client: Client, study: Study) -> str:
    response = client.get(reverse("play:study", args=[study.slug]))
    assert response.status_code == 200
    return response.content.decode()


def give_points(study: Study, player: Player, points: int) -> None:
    week = week_of(timezone.now().date())
    Standing.objects.create(study=study, player=player, week=week, points=points)


def test_it_says_what_the_study_is_about(client: Client, study: Study) -> None:
    study.description = "What birds look like to a network."
    study.save()
    page = page_of(client, study)
    for text in (study.title, study.description, study.consent_text, "0 <span"):
        assert text in page
    assert reverse("play:start", args=[study.slug]) in page


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (StudyState.PAUSED, "This study takes a break."),
        (StudyState.FINISHED, "This study is finished. Thank you"),
    ],
)
def test_one_that_is_closed_says_so(client: Client, study: Study, state: StudyState, sentence: str) -> None:
    Study.objects.update(state=state)
    page = page_of(client, study)
    assert sentence in page
    assert reverse("play:start", args=[study.slug]) not in page


@pytest.mark.parametrize("state", [StudyState.DRAFT, StudyState.PREPARING])
def test_one_that_is_not_public_is_nowhere(client: Client, study: Study, state: StudyState) -> None:
    Study.objects.update(state=state)
    assert client.get(reverse("play:study", args=[study.slug])).status_code == 404


def test_the_weekly_board_shows_everybody(
    client: Client, visit: Client, study: Study, player: Player
) -> None:
    give_points(study, player, 90)
    give_points(study, make_player(study, nickname="Swift Heron"), 120)
    for visitor in (client, visit):
        board = page_of(visitor, study).split("<tbody>")[1]
        assert board.index("Swift Heron") < board.index(player.nickname)
    assert 'class="own" aria-current="true"' in page_of(visit, study)
    assert 'class="own"' not in page_of(client, study)


def test_the_relative_board_shows_neighbours_to_players_alone(
    client: Client, visit: Client, study: Study, player: Player
) -> None:
    Study.objects.update(leaderboard=Leaderboard.RELATIVE)
    give_points(study, player, 90)
    give_points(study, make_player(study, nickname="Swift Heron"), 120)
    assert "Swift Heron" in page_of(visit, study)
    assert "Swift Heron" not in page_of(client, study)
    assert "Play this week, and you see here" in page_of(client, study)


def test_no_board_shows_nobody(visit: Client, study: Study, player: Player) -> None:
    Study.objects.update(leaderboard=Leaderboard.OFF)
    give_points(study, player, 90)
    page = page_of(visit, study)
    assert "This study keeps no leaderboard." in page
    assert "<table" not in page


def test_an_empty_board_invites(client: Client, study: Study) -> None:
    assert "Nobody has points this week yet." in page_of(client, study)
