"""Who a request comes from."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.signing import TimestampSigner
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from glimpse.accounts.identity import COOKIE, YEAR, player_of, remember
from labeling.models import Player
from tests.factories import make_player
from tests.glimpse.visitors import client_of, cookie_of, signed_in

pytestmark = pytest.mark.django_db


def found(cookie: str, user: User | AnonymousUser | None = None) -> Player | None:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = cookie
    if user is not None:
        request.COOKIES["sessionid"] = "some"
        request.user = user
    return player_of(request)


def test_a_cookie_is_a_guest() -> None:
    player = make_player()
    assert found(cookie_of(player)[1]) == player


def test_a_guest_costs_one_query_and_no_session() -> None:
    """The request has no user at all: asking for it would fail."""
    player = make_player()
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = cookie_of(player)[1]
    with CaptureQueriesContext(connection) as queries:
        assert player_of(request) == player
        assert player_of(request) == player
    assert len(queries) == 1


def test_a_forged_cookie_is_nobody() -> None:
    player = make_player()
    value = cookie_of(player)[1]
    other = make_player()
    assert found(value.replace(player.key, other.key)) is None
    assert found(player.key) is None
    assert found(TimestampSigner(salt="another").sign(player.key)) is None
    assert found("") is None


def test_a_cookie_ends_after_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    value = cookie_of(make_player())[1]
    assert found(value) is not None
    later = timezone.now() + timedelta(seconds=YEAR + 60)
    monkeypatch.setattr("django.core.signing.time.time", lambda: later.timestamp())
    assert found(value) is None


def test_the_cookie_of_a_guest_whom_an_account_took_over_is_nobody() -> None:
    user = User.objects.create_user("ada")
    own, guest = make_player(), make_player()
    Player.objects.filter(pk=own.pk).update(user=user)
    Player.objects.filter(pk=guest.pk).update(merged_into=own)
    value = cookie_of(guest)[1]
    assert found(value) is None
    assert found(value, AnonymousUser()) is None
    assert found(value, user) == own
    assert found(value, User.objects.create_user("bob")) is None


def test_the_cookie_of_an_accounts_player_needs_the_account() -> None:
    user = User.objects.create_user("ada")
    player = make_player()
    value = cookie_of(player)[1]
    Player.objects.filter(pk=player.pk).update(user=user)
    assert found(value) is None
    assert found(value, User.objects.create_user("bob")) is None
    assert found(value, user) == player


def test_who_is_signed_in_and_has_no_player_is_the_browsers_guest() -> None:
    guest = make_player()
    assert found(cookie_of(guest)[1], User.objects.create_user("grace", is_staff=True)) == guest


def test_an_accounts_player_gets_no_cookie() -> None:
    player = make_player()
    player.user = User.objects.create_user("ada")
    response = HttpResponse()
    remember(response, player)
    assert COOKIE not in response.cookies


def test_pages_of_guests_make_no_session() -> None:
    client = client_of(make_player())
    for name in ("play:home", "play:me", "accounts:about", "accounts:privacy", "accounts:withdraw"):
        response = client.get(reverse(name))
        assert response.status_code == 200
        assert "sessionid" not in response.cookies


def test_a_researcher_keeps_a_guests_games_under_their_account() -> None:
    guest, user = make_player(), User.objects.create_user("grace", is_staff=True)
    client: Client = client_of(guest, signed_in(user))
    page = client.get(reverse("play:me")).content.decode()
    assert reverse("accounts:claim") in page
    assert client.get(reverse("accounts:claim")).status_code == 405
    assert client.post(reverse("accounts:claim")).status_code == 302
    guest.refresh_from_db()
    assert guest.user == user
    assert client.post(reverse("accounts:claim")).status_code == 302
    assert Player.objects.get() == guest


def test_claiming_needs_signing_in() -> None:
    guest = make_player()
    response = client_of(guest).post(reverse("accounts:claim"))
    assert response.headers["Location"].startswith(reverse("account_login"))
    guest.refresh_from_db()
    assert guest.user is None
