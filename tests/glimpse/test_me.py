import re

import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import Label, Player, Round, Study
from labeling.selectors.rewards import news_for
from labeling.services.answers import Answer, round_answer
from tests.factories import make_image, make_player, make_round, make_study
from tests.glimpse.visitors import client_of

ME, TOLD = reverse("play:me"), reverse("play:told")
pytestmark = pytest.mark.django_db


@pytest.fixture
def confirmed() -> Player:
    """Somebody whose word another player has meant too."""
    study = make_study(rounds_per_game=1)
    make_image(study, layers=1, regions=1)
    players = [make_player(study, nickname=name) for name in ("Quiet Otter", "Swift Heron")]
    for player in players:
        round_answer(round_=make_round(study, player), answer=Answer(("long tail",), 1))
    return players[0]


def page_of(client: Client) -> str:
    return client.get(ME).content.decode()


def test_nobody_is_shown_the_way_in(client: Client) -> None:
    page = page_of(client)
    assert "You have not played here yet" in page
    assert reverse("account_login") in page


def test_it_tells_what_became_of_words(confirmed: Player) -> None:
    page = page_of(client_of(confirmed))
    assert "Quiet Otter" in page
    assert "“long tail”" in page
    assert "1 person saw it too" in page
    assert "1 of 1 guessed" in page
    given = re.findall(r'<li class="badge">.*?<strong>(.*?)</strong>', page, re.DOTALL)
    assert {"First glimpse", "Sharp eye"} <= set(given)
    assert "A hundred glimpses" not in given


def test_a_word_that_is_held_is_said_to_be(confirmed: Player) -> None:
    Label.objects.update(quarantined=True)
    page = page_of(client_of(confirmed))
    assert "is being looked at" in page
    assert "saw it too" not in page


def test_a_round_that_is_still_open_is_no_news(visit: Client, round_: Round) -> None:
    page = page_of(visit)
    assert "You have not described a glimpse yet." in page
    assert "No game yet." in page
    assert round_.key not in page


def test_others_see_nothing_of_it(confirmed: Player, client: Client) -> None:
    stranger = client_of(make_player(nickname="Odd Quokka"))
    for visitor in (stranger, client):
        assert "long tail" not in page_of(visitor)


def test_news_are_told_until_they_are_read(confirmed: Player) -> None:
    client = client_of(confirmed)
    news = news_for(confirmed)
    for address in (ME, reverse("play:home")):
        assert "One person saw your <strong>long tail</strong> too" in client.get(address).content.decode()
    assert client.post(TOLD, {"up_to": news.up_to}).headers["Location"] == ME
    assert "One person saw" not in page_of(client)
    confirmed.refresh_from_db()
    assert confirmed.told_up_to == news.up_to


def test_telling_goes_no_further_than_there_is_news_and_never_back(confirmed: Player) -> None:
    client, up_to = client_of(confirmed), news_for(confirmed).up_to
    for given in (10**18, 0, 1, "x", ""):
        response = client.post(TOLD, {"up_to": given}, headers={"HX-Request": "true"})
        assert (response.status_code, response.content) == (200, b"")
        confirmed.refresh_from_db()
        assert confirmed.told_up_to == up_to


def test_nobody_is_told_nothing(client: Client, visit: Client) -> None:
    assert client.post(TOLD, {"up_to": 1}).status_code == 404
    assert visit.get(TOLD).status_code == 405


def test_a_study_that_is_closed_keeps_the_history(confirmed: Player) -> None:
    Study.objects.update(state="finished")
    page = page_of(client_of(confirmed))
    assert "“long tail”" in page
    assert "This week in" not in page
