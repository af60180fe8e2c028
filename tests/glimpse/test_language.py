import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import Player
from tests.glimpse.rows import all_rows

LANGUAGE = reverse("play:language")
COOKIE = "django_language"


def choose(client: Client, language: str, back: str = "/points") -> str:
    response = client.post(LANGUAGE, {"language": language, "next": back})
    assert response.status_code == 302
    return response.headers["Location"]


@pytest.mark.django_db
def test_it_is_remembered_and_leads_back(client: Client) -> None:
    assert choose(client, "it") == "/points"
    assert client.cookies[COOKIE].value == "it"
    assert client.cookies[COOKIE]["httponly"]
    assert '<html lang="it">' in client.get("/points").content.decode()
    choose(client, "en")
    assert '<html lang="en">' in client.get("/points", headers={"Accept-Language": "it"}).content.decode()


def test_a_player_plays_in_it_from_now_on(visit: Client, player: Player) -> None:
    choose(visit, "it")
    player.refresh_from_db()
    assert player.language == "it"


@pytest.mark.parametrize("language", ["de", "xx", "", "it/../en"])
def test_what_is_no_language_of_the_site_changes_nothing(
    visit: Client, player: Player, language: str
) -> None:
    before = all_rows()
    choose(visit, language)
    assert COOKIE not in visit.cookies
    assert all_rows() == before


@pytest.mark.django_db
@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_it_never_leads_elsewhere(client: Client, back: str) -> None:
    assert choose(client, "it", back) == reverse("play:home")


@pytest.mark.django_db
def test_it_needs_a_post(client: Client) -> None:
    assert client.get(LANGUAGE).status_code == 405
