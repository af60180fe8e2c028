"""Pages that only tell something, and the files that browsers ask for."""

import json

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from labeling.models import Image, Round, Study
from labeling.models.study import StudyState
from labeling.points import guess_points, level_begins
from labeling.services.answers import Answer, round_answer

CREDITS = reverse("play:credits")


@pytest.mark.django_db
def test_points_are_explained_in_the_numbers_that_are_paid(client: Client) -> None:
    page = client.get(reverse("play:points")).content.decode()
    for level in range(6):
        assert f"<td>{guess_points(level)}</td>" in page
    for level in range(1, 9):
        assert f"<td>{level_begins(level)}</td>" in page


def test_credits_of_open_studies_are_no_hints(client: Client, visit: Client, round_: Round) -> None:
    for visitor in (client, visit):
        page = visitor.get(CREDITS).content.decode()
        assert "Ada Photographer" not in page
        assert "You have not seen a whole photo yet." in page


def test_credits_of_what_a_player_has_seen(visit: Client, other: Client, round_: Round) -> None:
    Image.objects.filter(pk=round_.image_id).update(author="Grace Camera", source="https://photos.example/1")
    round_answer(round_=round_, answer=Answer(("tail",), None))
    page = visit.get(CREDITS).content.decode()
    assert "Grace Camera, CC0-1.0" in page
    assert 'href="https://photos.example/1" rel="noreferrer noopener"' in page
    assert "Ada Photographer" not in page
    assert "Grace Camera" not in other.get(CREDITS).content.decode()


def test_credits_of_a_finished_study_are_everybodys(client: Client, study: Study) -> None:
    Study.objects.update(state=StudyState.FINISHED)
    assert client.get(CREDITS).content.decode().count("Ada Photographer, CC0-1.0") == 3


@pytest.mark.django_db
def test_the_offline_page_needs_nothing_of_its_visitor(client: Client) -> None:
    response = client.get(reverse("play:offline"))
    assert "No connection" in response.content.decode()
    assert "Set-Cookie" not in response.headers
    assert response.cookies == {}


def test_the_offline_page_is_the_same_for_a_player(visit: Client, client: Client) -> None:
    offline = reverse("play:offline")
    assert visit.get(offline).content == client.get(offline).content


@pytest.mark.django_db
def test_the_service_worker_serves_the_whole_site(client: Client) -> None:
    response = client.get(reverse("play:service-worker"))
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert reverse("play:service-worker").count("/") == 1
    script = response.content.decode()
    assert f'const PAGE = "{reverse("play:offline")}"' in script
    for kept in ("play/glimpse.css", "play/vendor/bricolage-grotesque-latin-wght-normal.woff2"):
        assert f'"/static/{kept}"' in script
        assert finders.find(kept)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "it"])
def test_the_manifest_can_be_read(client: Client, language: str) -> None:
    response = client.get(reverse("play:manifest"), headers={"Accept-Language": language})
    assert response.headers["Content-Type"] == "application/manifest+json"
    manifest = json.loads(response.content)
    assert (manifest["start_url"], manifest["lang"]) == ("/", language)
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["points", "credits", "offline", "service-worker", "manifest"])
def test_they_are_only_read(client: Client, name: str) -> None:
    assert client.post(reverse(f"play:{name}")).status_code == 405
