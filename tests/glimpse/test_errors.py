import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import server_error

from glimpse.accounts.identity import COOKIE
from labeling.models import Player, Round, Study
from tests.glimpse.rows import all_rows
from tests.glimpse.visitors import client_of


@pytest.mark.parametrize(
    "path", ["/nothing", "/rounds/guessed/", "/games/guessed/summary", "/photos/x/", "/studies/none/consent"]
)
def test_what_is_not_there_has_a_page_of_ours(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    page = response.content.decode()
    assert response.status_code == 404
    assert "There is nothing here" in page
    assert "glimpse.css" in page
    assert f'href="{reverse("play:home")}">Back to the start' in page


def test_a_form_without_its_token_has_a_page_of_ours(study: Study) -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("play:agree", args=[study.slug]), {"version": 1})
    page = response.content.decode()
    assert response.status_code == 403
    assert "That did not work" in page
    assert "glimpse.css" in page
    assert not Player.objects.exists()


@pytest.mark.parametrize("name", ["more", "answer", "skip"])
def test_a_round_changes_only_with_the_token(player: Player, round_: Round, name: str) -> None:
    visit = client_of(player, Client(enforce_csrf_checks=True))
    data = {"to_level": 1, "labels": "tail", "guess": "none", "reason": "dark"}
    before = all_rows()
    assert visit.post(reverse(f"play:{name}", args=[round_.key]), data).status_code == 403
    assert all_rows() == before


def test_a_fault_of_ours_has_a_page_of_ours() -> None:
    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()


@pytest.mark.parametrize("change", [lambda value: value + "x", lambda value: "x" + value, lambda value: ""])
def test_a_cookie_that_was_tampered_with_makes_a_stranger(
    visit: Client, round_: Round, change: object
) -> None:
    assert callable(change)
    address = reverse("play:round", args=[round_.key])
    assert visit.get(address).status_code == 200
    visit.cookies[COOKIE] = change(visit.cookies[COOKIE].value)
    assert visit.get(address).status_code == 404
    assert round_.player.nickname not in visit.get(reverse("play:home")).content.decode()


def test_a_players_key_alone_opens_nothing(client: Client, round_: Round) -> None:
    client.cookies[COOKIE] = round_.player.key
    assert client.get(reverse("play:round", args=[round_.key])).status_code == 404
