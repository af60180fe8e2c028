import pytest
from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from glimpse.accounts.identity import COOKIE
from labeling.models import Round, Study
from tests.glimpse.visitors import make_superuser, signed_in


def policy(response: HttpResponseBase) -> dict[str, list[str]]:
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    return {part[0]: part[1:] for part in parts}


def test_players_pages_run_nothing_inline_or_from_elsewhere(visit: Client, round_: Round) -> None:
    for address in (
        reverse("play:home"),
        reverse("play:consent", args=[round_.image.study.slug]),
        reverse("play:round", args=[round_.key]),
        reverse("play:glimpse", args=[round_.key, 0]),
        "/nothing",
    ):
        found = policy(visit.get(address))
        assert found["default-src"] == found["base-uri"] == found["frame-ancestors"] == ["'none'"]
        assert found["script-src"] == found["style-src"] == found["img-src"] == ["'self'"]
        assert found["connect-src"] == found["form-action"] == ["'self'"]
        assert "unsafe" not in str(found)
        assert "http" not in str(found)


def test_players_pages_have_no_inline_script_or_style(visit: Client, round_: Round) -> None:
    page = visit.get(reverse("play:round", args=[round_.key])).content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert page.count("<script") == page.count("<script src=") + page.count('<script type="module" src=')


def test_the_admin_alone_has_the_wider_policy(client: Client, db: None) -> None:
    for response in (
        client.get(reverse("admin:login")),
        signed_in(make_superuser()).get(reverse("admin:index")),
    ):
        found = policy(response)
        assert set(found["script-src"]) == {"'self'", "'unsafe-eval'", "'unsafe-inline'"}
        assert set(found["style-src"]) == {"'self'", "'unsafe-inline'"}
        assert found["default-src"] == found["frame-ancestors"] == ["'none'"]


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/nothing"])
def test_the_other_headers_are_there(client: Client, db: None, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client: Client, study: Study) -> None:
    client.get(reverse("play:consent", args=[study.slug]))
    client.post(reverse("play:agree", args=[study.slug]), {"version": 1})
    assert set(client.cookies) == {COOKIE, "csrftoken"}
    for cookie in client.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_the_session_cookie_too(db: None) -> None:
    make_superuser()
    client = Client()
    client.post(reverse("admin:login"), {"username": "root", "password": "correct horse battery"})
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_over_https_cookies_are_secure(client: Client, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SESSION_COOKIE_SECURE", True)
    client.post(reverse("play:agree", args=[study.slug]), {"version": 1})
    assert client.cookies[COOKIE]["secure"]
