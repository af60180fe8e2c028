"""Everything that is kept about a player, as a file for that player."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from labeling.models import Conduct, Image, Player, Round, Study
from labeling.models.game import ReportReason, SkipReason
from labeling.services.accounts import account_claim
from labeling.services.answers import image_report, round_skip
from tests.factories import CLASS_NAMES, make_image, make_player, make_round, make_study
from tests.glimpse.account_steps import EMAIL, sign_up
from tests.glimpse.visitors import client_of
from tests.labeling.turns import answered

pytestmark = pytest.mark.django_db
ADDRESS = "/me/data"


def text_of(client: Client) -> str:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert response.streaming
    return response.getvalue().decode()


def data_of(client: Client) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(text_of(client))
    return data


@pytest.fixture
def answer(study: Study, player: Player) -> Round:
    """Two labels, and no guess."""
    return answered(study, "tartan", "a red Beak", player=player, guess=None)


def test_it_is_a_file_that_nobody_keeps(visit: Client) -> None:
    response = visit.get(ADDRESS)
    assert response.headers["Content-Type"] == "application/json"
    assert "attachment" in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]


def test_it_has_all_that_a_player_gave(visit: Client, study: Study, player: Player, answer: Round) -> None:
    Conduct.objects.create(study=study, player=player, trust=0.75)
    image_report(image=answer.image, player=player, reason=ReportReason.BROKEN)
    skipped = make_round(study, player)
    round_skip(round_=skipped, reason=SkipReason.NOTHING)
    data = data_of(visit)
    assert data["profile"]["nickname"] == player.nickname
    assert data["account"] is None
    assert data["consents"][0] | {"given_at": ""} == {
        "study": study.title, "version": 1, "given_at": "", "text": study.consent_text,
    }  # fmt: skip
    first, second = data["games"][0]["rounds"]
    assert [label["typed"] for label in first["labels"]] == ["tartan", "a red Beak"]
    assert (first["state"], first["right"], first["steps_shown"]) == ("answered", False, 1)
    assert second["skipped_because"] == "nothing"
    assert data["reports"][0]["reason"] == "broken"
    assert data["trust"][0]["trust"] == 0.75


def test_points_and_badges_are_in_it(study: Study) -> None:
    lone = make_study(rounds_per_game=1)
    make_image(lone, layers=1, regions=1)
    other = answered(lone, "red")
    mine = answered(lone, "red", guess=1)
    data = data_of(client_of(mine.player))
    assert sum(entry["points"] for entry in data["points"]) == mine.player.standings.get().points > 100
    assert {entry["for"] for entry in data["points"]} == {"guess", "agreement"}
    assert {badge["badge"] for badge in data["badges"]} == {"first_glimpse", "sharp_eye"}
    assert data["games"][0]["rounds"][0]["guess"] == CLASS_NAMES[1]
    assert other.player.nickname


def test_nothing_of_other_people_is_in_it(visit: Client, study: Study, answer: Round) -> None:
    stranger = make_player(study, nickname="Strange Stork")
    answered(study, "somebody else says this", player=stranger)
    text = text_of(visit)
    assert "tartan" in text
    assert "Strange" not in text
    assert "somebody else" not in text
    assert stranger.key not in text
    assert "tartan" not in text_of(client_of(stranger))


def test_no_photograph_has_its_name_in_it(visit: Client, study: Study, answer: Round) -> None:
    make_round(study, answer.player)
    text = text_of(visit)
    for image in Image.objects.all():
        assert image.name not in text
        assert image.sha256 not in text
        assert image.key not in text
    assert answer.key not in text


def test_an_open_round_has_no_more_than_its_page_shows(visit: Client, round_: Round) -> None:
    shown = data_of(visit)["games"][0]["rounds"][0]
    assert shown["state"] == "open"
    assert set(shown) == {
        "number", "began", "state", "steps_shown", "had_seen_the_picture", "options",
    }  # fmt: skip


def test_a_gold_round_that_is_open_looks_like_any_other(visit: Client, round_: Round) -> None:
    plain = data_of(visit)["games"]
    Round.objects.update(gold=True, holds_place=False)
    assert data_of(visit)["games"] == plain


def test_the_address_is_in_the_accounts_file(visit: Client, player: Player) -> None:
    cache.clear()
    sign_up(visit)
    account = data_of(visit)["account"]
    assert account["email"] == EMAIL
    assert account["addresses"] == [{"email": EMAIL, "confirmed": False}]


def test_what_an_account_took_over_but_left_with_the_guest_is_in_it_too() -> None:
    study = make_study(rounds_per_game=1)
    make_image(study, layers=1, regions=1)
    user = User.objects.create_user("ada")
    guest, own = answered(study, "tartan").player, answered(study, "beak").player
    account_claim(user_id=user.pk, guest=own, language="en")
    account_claim(user_id=user.pk, guest=guest, language="en")
    client = Client()
    client.force_login(user)
    typed = [
        label["typed"]
        for game in data_of(client)["games"]
        for one in game["rounds"]
        for label in one["labels"]
    ]
    assert sorted(typed) == ["beak", "tartan"]


def test_only_the_player_gets_it(client: Client, player: Player) -> None:
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS).status_code == 405
    assert client_of(player).post(ADDRESS).status_code == 405


def test_many_games_take_as_many_queries_as_few() -> None:
    study = make_study(rounds_per_game=1)
    for _ in range(6):
        make_image(study, layers=1, regions=1)
    player = make_player(study)
    visit = client_of(player)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            text_of(visit)
        return len(found)

    answered(study, "one", player=player)
    few = queries()
    for _ in range(5):
        answered(study, "two", "three", player=player)
    assert queries() == few
