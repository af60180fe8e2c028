"""A result's page asks for the next round before anybody has clicked."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import Image, Job, Round, Study
from labeling.models.job import JobKind
from labeling.services.answers import Answer, round_answer
from tests.glimpse.rows import all_rows

AHEAD = {"X-Glimpse-Prefetch": "1"}
ADDRESS = "X-Glimpse-Address"


@pytest.fixture
def ended(round_: Round) -> Round:
    round_answer(round_=round_, answer=Answer(("tail",), None))
    return round_


def next_of(round_: Round) -> str:
    return reverse("play:next", args=[round_.game.key])


def test_it_gets_the_round_itself_and_its_address(visit: Client, ended: Round) -> None:
    response = visit.post(next_of(ended), headers=AHEAD)
    second = Round.objects.get(number=2)
    assert response.headers[ADDRESS] == reverse("play:round", args=[second.key])
    page = response.content.decode()
    assert reverse("play:glimpse", args=[second.key, 0]) in page
    assert 'aria-label="Round 2 of 5"' in page


def test_it_has_what_differs_on_the_page_that_its_address_shows(visit: Client, ended: Round) -> None:
    ahead = visit.post(next_of(ended), headers=AHEAD)
    shown = visit.get(ahead.headers[ADDRESS])
    parts = _parts(ahead.content)
    assert parts == _parts(shown.content)
    assert all(parts)


def test_asked_again_it_leases_no_other(visit: Client, ended: Round) -> None:
    first = visit.post(next_of(ended), headers=AHEAD).headers[ADDRESS]
    before = all_rows()
    assert visit.post(next_of(ended), headers=AHEAD).headers[ADDRESS] == first
    assert visit.post(next_of(ended)).headers["Location"] == first
    assert all_rows() == before


def test_after_the_last_there_is_the_address_of_the_summary(
    visit: Client, study: Study, ended: Round
) -> None:
    Study.objects.update(rounds_per_game=1)
    response = visit.post(next_of(ended), headers=AHEAD)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers[ADDRESS] == reverse("play:summary", args=[ended.game.key])


def test_while_photos_are_prepared_there_is_the_address_of_the_waiting_page(
    visit: Client, study: Study, ended: Round
) -> None:
    Image.objects.exclude(pk=ended.image_id).delete()
    Job.objects.create(study=study, kind=JobKind.REGIONS, subject=1)
    response = visit.post(next_of(ended), headers=AHEAD)
    assert response.status_code == 204
    assert response.headers[ADDRESS] == reverse("play:waiting", args=[ended.game.key])


def test_nobody_leases_in_anothers_game(other: Client, client: Client, visit: Client, ended: Round) -> None:
    for stranger in (other, client):
        assert stranger.post(next_of(ended), headers=AHEAD).status_code == 404
    assert visit.get(next_of(ended), headers=AHEAD).status_code == 405
    assert Round.objects.count() == 1


def _parts(page: bytes) -> list[str]:
    """Title, bar and main part, without the tokens that differ each time and the space between tags."""
    bare = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.decode())
    together = re.sub(r">\s+<", "><", bare)
    return [
        re.findall(pattern, together, re.DOTALL)[0]
        for pattern in (
            "<title>(.*?)</title>",
            '<header class="bar">(.*?)</header>',
            "<main .*?>(.*?)</main>",
        )
    ]
