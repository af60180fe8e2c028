"""Everything that a player can receive, from the front page to the last step before a round ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from analysis.regions.reveals import REVEAL_SHARES
from labeling.models import Game, Round, Study

HTMX = {"HX-Request": "true"}
AHEAD = {"X-Glimpse-Prefetch": "1"}
PLAIN_PAGES = ("points", "credits", "offline", "service-worker", "manifest")
DIFFER = {"Set-Cookie", "Expires"}  # each time, whatever is shown
TYPED = ("castle", "macaw", "macaws", "maccaw", "feathers", "scarlet feather", "wheeel", "crimson plume")


@dataclass(frozen=True, slots=True)
class Received:
    """One response, without the tokens that differ each time; `address` is what was asked for."""

    address: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def __bytes__(self) -> bytes:
        return b"\n".join([repr((self.status, self.headers)).encode(), self.body])


def received(client: Client, study: Study) -> Iterator[Received]:
    yield from _before_a_round(client, study)
    address, first = _started(client, study)
    yield first
    yield from _of_a_round(client, address)
    yield from _of_a_game(client, Round.objects.get(key=address.split("/")[2]).game)
    yield from _of_a_player(client)


def cookies(client: Client) -> bytes:
    jar: SimpleCookie = client.cookies
    return repr(jar).encode()


def take(client: Client, address: str, data: object = None, **headers: str) -> Received:
    """Get, or post where there is data."""
    response: HttpResponseBase
    if data is None:
        response = client.get(address, headers=headers)
    else:
        response = client.post(address, data, headers=headers)
    assert response.status_code in {200, 204, 302, 404, 422}, (address, response.status_code)
    shown = tuple(sorted((name, value) for name, value in response.headers.items() if name not in DIFFER))
    return Received(address, response.status_code, shown, _without_tokens(_body(response)))


def _body(response: HttpResponseBase) -> bytes:
    if isinstance(response, StreamingHttpResponse):
        return b"".join(response)
    assert isinstance(response, HttpResponse)
    return response.content


def _without_tokens(body: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", body)


def _before_a_round(client: Client, study: Study) -> Iterator[Received]:
    yield take(client, reverse("play:home"))
    for name in ("study", "consent", "progress"):
        yield take(client, reverse(f"play:{name}", args=[study.slug]))
    for name in ("accounts:about", "accounts:privacy", *(f"play:{name}" for name in PLAIN_PAGES)):
        yield take(client, reverse(name))


def _started(client: Client, study: Study) -> tuple[str, Received]:
    started = take(client, reverse("play:agree", args=[study.slug]), {"version": study.consent_version})
    address = dict(started.headers)["Location"]
    Round.objects.filter(key=address.split("/")[2]).update(level=0)
    return address, started


def _of_a_round(client: Client, address: str) -> Iterator[Received]:
    yield take(client, address)
    for level in range(len(REVEAL_SHARES)):
        if level:
            yield take(client, f"{address}more", {"to_level": level}, **HTMX)
        yield take(client, f"{address}glimpse/{level}")
    for label in TYPED:
        yield take(client, f"{address}check", {"label": label})
    for answer in ({"labels": "see www.owl.org", "guess": "none"}, {"labels": "tail"}, {"guess": "none"}):
        yield take(client, f"{address}answer", answer)
        yield take(client, f"{address}answer", answer, **HTMX)
    yield take(client, f"{address}skip", {"reason": "no reason"})
    yield take(client, f"{address}report", {"reason": "upsetting"})
    yield take(client, address)


def _of_a_game(client: Client, game: Game) -> Iterator[Received]:
    yield take(client, reverse("play:waiting", args=[game.key]))
    yield take(client, reverse("play:summary", args=[game.key]))
    address = reverse("play:next", args=[game.key])
    for headers in ({}, HTMX, AHEAD):
        yield take(client, address, {}, **headers)


def _of_a_player(client: Client) -> Iterator[Received]:
    for name in ("play:me", "play:credits", "play:home", "accounts:data", "accounts:nickname"):
        yield take(client, reverse(name))
    yield take(client, reverse("accounts:withdraw"))
    yield take(client, reverse("play:told"), {"up_to": 10**9}, **HTMX)
