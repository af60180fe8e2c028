import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from labeling.models import Game, Player, Round, Study
from labeling.models.game import SkipReason
from labeling.services.answers import Answer, round_answer, round_skip
from labeling.services.rounds import round_next
from tests.factories import make_round
from tests.glimpse.rows import all_rows


def summary(game: Game) -> str:
    return reverse("play:summary", args=[game.key])


@pytest.fixture
def game(study: Study, player: Player) -> Game:
    """A finished game of three rounds: right, wrong and skipped."""
    study.rounds_per_game = 3
    study.save()
    first = make_round(study, player)
    round_answer(round_=first, answer=Answer(("red beak",), first.image.true_class))
    second = _next(first.game)
    round_answer(round_=second, answer=Answer(("long tail",), None))
    round_skip(round_=_next(first.game), reason=SkipReason.TOO_DARK)
    first.game.refresh_from_db()
    return first.game


def test_it_sums_the_game_up(visit: Client, game: Game) -> None:
    assert game.finished_at is not None
    page = visit.get(summary(game)).content.decode()
    assert "100 points" in page
    assert "1 of 3 pictures guessed" in page
    for word in ("red beak", "long tail", "skipped", game.player.nickname):
        assert word in page
    for round_ in game.rounds.all():
        assert f"<strong>{round_.image.class_name}</strong>" in page
        assert f'href="/rounds/{round_.key}/"' in page


def test_every_picture_in_it_is_there(visit: Client, game: Game) -> None:
    for round_ in game.rounds.all():
        address = reverse("play:evidence", args=[round_.image.key, round_.region_id])
        assert f"{address}?size=card" in visit.get(summary(game)).content.decode()
        assert visit.get(address, {"size": "card"}).status_code == 200


def test_a_game_under_way_tells_nothing_of_its_open_round(visit: Client, round_: Round) -> None:
    round_answer(round_=round_, answer=Answer(("tail",), None))
    still_open = _next(round_.game)
    page = visit.get(summary(round_.game)).content.decode()
    assert f"<strong>{round_.image.class_name}</strong>" in page
    assert still_open.image.class_name not in page
    assert still_open.image.key not in page
    assert still_open.key not in page


def test_a_game_without_a_round_still_thanks(visit: Client, study: Study, player: Player) -> None:
    game = Game.objects.create(study=study, player=player, finished_at=timezone.now())
    page = visit.get(summary(game)).content.decode()
    assert "0 points" in page
    assert "You have seen all there is for now." in page


def test_playing_again_starts_another_game(visit: Client, game: Game) -> None:
    response = visit.post(reverse("play:start", args=[game.study.slug]))
    again = Game.objects.exclude(pk=game.pk).get()
    assert response.headers["Location"] == reverse("play:round", args=[again.rounds.get().key])


def test_next_after_the_end_comes_back_to_it(visit: Client, game: Game) -> None:
    before = all_rows()
    assert visit.post(reverse("play:next", args=[game.key])).headers["Location"] == summary(game)
    assert all_rows() == before


def test_a_get_changes_nothing_and_head_answers(visit: Client, game: Game) -> None:
    before = all_rows()
    assert visit.get(summary(game)).status_code == visit.head(summary(game)).status_code == 200
    assert all_rows() == before


def test_another_player_cannot_see_it(other: Client, client: Client, game: Game) -> None:
    assert other.get(summary(game)).status_code == client.get(summary(game)).status_code == 404


def _next(game: Game) -> Round:
    round_ = round_next(game=game)
    assert round_ is not None
    return round_
