"""Many players, two tabs each, on few places: nothing overruns, nothing is served or counted twice."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from labeling.models import Label, Player, Region, Round, Study
from labeling.models.game import RoundState
from labeling.services.answers import Answer, round_answer
from labeling.services.rounds import game_finish, game_start, leases_expire, round_next
from tests.factories import make_image, make_player, make_round, make_study

PLAYERS = 12
MAX_LABELLINGS = 2


def play(player: Player, study: Study, accepted: list[int]) -> None:
    """One tab: game after game, until a new one has nothing. Notes the rounds that took its answer."""
    while True:
        game = game_start(player=player, study=study)
        round_ = round_next(game=game)
        if round_ is not None:
            if round_answer(round_=round_, answer=Answer(("long beak", "red"), 1)):
                accepted.append(round_.pk)
            continue
        game_finish(game=game)
        if not game.rounds.exists():
            return


def at_once(actions: list[Callable[[], None]]) -> list[Exception]:
    """Run each in a thread of its own; what they raised."""
    ready, raised = threading.Barrier(len(actions)), []

    def run(action: Callable[[], None]) -> None:
        try:
            ready.wait()
            action()
        except Exception as error:  # the test tells which
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[action], daemon=True) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    assert not any(thread.is_alive() for thread in threads)
    return raised


def check_many_players() -> None:
    study = make_study(max_labellings=MAX_LABELLINGS, rounds_per_game=3)
    for _ in range(4):
        make_image(study, layers=2, regions=3)
    accepted: list[int] = []
    players = [make_player(study) for _ in range(PLAYERS)]

    def tab(player: Player) -> Callable[[], None]:
        return lambda: play(player, study, accepted)

    assert at_once([tab(player) for player in players for _ in range(2)]) == []

    rounds = Round.objects.all()
    assert Counter(accepted) == Counter(rounds.values_list("pk", flat=True)), "each answer counts once"
    assert not rounds.exclude(state=RoundState.ANSWERED).exists()
    assert Label.objects.count() == 2 * rounds.count()
    assert len(set(rounds.values_list("player", "region"))) == rounds.count()
    assert len(set(rounds.values_list("game", "image"))) == rounds.count()
    assert not any(row["n"] > 3 for row in rounds.values("game").annotate(n=Count("pk")).order_by())
    held = Counter(rounds.filter(holds_place=True).values_list("region", flat=True))
    for region in Region.objects.all():
        assert region.reserved == held[region.pk] <= region.capacity
        assert region.reserved == region.capacity, "players went while there were places"


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_give_each_place_back_once() -> None:
    study = make_study(max_labellings=40)
    make_image(study, layers=1, regions=1)
    for _ in range(40):
        make_round(study, make_player(study))
    Round.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    expired: list[int] = []
    assert at_once([lambda: expired.append(leases_expire()) for _ in range(6)]) == []
    assert sum(expired) == 40
    assert not Region.objects.filter(reserved__gt=0).exists()


@pytest.mark.django_db(transaction=True)
def test_places_hold_on_the_embedded_database() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the environment gives another database: see the next test")
    assert "mode=memory" not in str(connection.settings_dict["NAME"]), "locks of its own: use a file"
    check_many_players()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_places_hold_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("set GLIMPSE_TEST_DATABASE_URL to test on PostgreSQL")
    check_many_players()
