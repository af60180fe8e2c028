import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import Game, Image, Job, Round, Study
from labeling.models.job import JobKind, JobState
from tests.factories import make_game, make_image, make_player, make_study
from tests.glimpse.rows import all_rows
from tests.glimpse.visitors import client_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def game(db: None) -> Game:
    """A game in a study whose one image is still queued."""
    study = make_study()
    image = Image.objects.create(study=study, sha256="0" * 64, name="waits.jpg")
    Job.objects.create(study=study, kind=JobKind.REGIONS, subject=image.pk)
    return make_game(study, make_player(study))


@pytest.fixture
def visit(game: Game) -> Client:
    return client_of(game.player)


def waiting(game: Game) -> str:
    return reverse("play:waiting", args=[game.key])


def following(game: Game) -> str:
    return reverse("play:next", args=[game.key])


def finish_preparing(study: Study, state: JobState = JobState.DONE) -> None:
    Job.objects.update(state=state)
    if state == JobState.DONE:
        make_image(study)


def test_a_game_without_a_region_waits(visit: Client, game: Game) -> None:
    response = visit.post(reverse("play:start", args=[game.study.slug]))
    assert response.headers["Location"] == waiting(game)
    page = visit.get(waiting(game)).content.decode()
    assert "The next glimpse is being prepared" in page
    assert "The network has looked at 0 of 1 photos." in page
    assert "<noscript><button" in page


def test_asked_by_htmx_it_gives_the_progress(visit: Client, game: Game) -> None:
    part = visit.post(following(game), headers=HTMX).content.decode()
    assert "0 of 1 photos" in part
    assert "<html" not in part
    assert "hx-get" not in part


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_goes_on_when_there_is_a_round(visit: Client, game: Game, headers: dict[str, str]) -> None:
    finish_preparing(game.study)
    response = visit.post(following(game), headers=headers)
    location = response.headers["HX-Redirect" if headers else "Location"]
    assert location == reverse("play:round", args=[Round.objects.get().key])


def test_what_htmx_replaces_is_there_when_nothing_is_left_to_prepare(visit: Client, game: Game) -> None:
    finish_preparing(game.study)
    page = visit.get(waiting(game)).content.decode()
    assert 'hx-target="find .progress-place"' in page
    assert 'class="progress-place"' in page


def test_where_preparing_failed_the_game_ends(visit: Client, game: Game) -> None:
    finish_preparing(game.study, JobState.FAILED)
    assert visit.post(following(game)).headers["Location"] == reverse("play:summary", args=[game.key])
    game.refresh_from_db()
    assert game.finished_at is not None


def test_a_paused_study_ends_the_game(visit: Client, game: Game) -> None:
    Study.objects.update(state="paused")
    assert visit.post(following(game)).headers["Location"] == reverse("play:summary", args=[game.key])


def test_a_get_changes_nothing_and_head_answers(visit: Client, game: Game) -> None:
    before = all_rows()
    assert visit.get(waiting(game)).status_code == visit.head(waiting(game)).status_code == 200
    assert visit.get(following(game)).status_code == 405
    assert all_rows() == before


def test_another_player_cannot_see_or_turn_it(client: Client, game: Game) -> None:
    for stranger in (client, client_of(make_player(game.study, nickname="Swift Heron"))):
        assert stranger.get(waiting(game)).status_code == 404
        assert stranger.post(following(game)).status_code == 404
