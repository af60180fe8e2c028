"""Many players, two tabs each, on few places: nothing overruns, nothing is served, counted or paid twice."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from threading import Event

import pytest
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from labeling.models import Conduct, Job, Label, LedgerEntry, Player, Region, Round, Study
from labeling.models.game import RoundState
from labeling.models.job import JobKind, JobState
from labeling.services.answers import Answer, round_answer
from labeling.services.explanations import explanations_work
from labeling.services.jobs import jobs_request
from labeling.services.quarantine import (
    labels_quarantine,
    labels_release,
    players_quarantine,
    players_release,
)
from labeling.services.rounds import game_finish, game_start, leases_expire, round_next
from labeling.services.words import words_count_due
from tests.factories import make_image, make_player, make_round, make_study
from tests.labeling.ledger import ledger_adds_up
from tests.labeling.threads import at_once

PLAYERS = 12
MAX_LABELLINGS = 2
WORDS = ("long beak", "red", "beaks", "feathers", "red feathers", "window", "windows", "tail")


def play(player: Player, study: Study, accepted: list[int], say: Callable[[], tuple[str, ...]]) -> None:
    """One tab: game after game, until a new one has nothing. Notes the rounds that took its answer."""
    while True:
        game = game_start(player=player, study=study)
        round_ = round_next(game=game)
        if round_ is not None:
            if round_answer(round_=round_, answer=Answer(say(), 1)):
                accepted.append(round_.pk)
            continue
        game_finish(game=game)
        if not game.rounds.exists():
            return


def check_many_players() -> None:
    study = make_study(max_labellings=MAX_LABELLINGS, rounds_per_game=3)
    for _ in range(4):
        make_image(study, layers=2, regions=3)
    accepted: list[int] = []
    players = [make_player(study) for _ in range(PLAYERS)]

    def tab(player: Player) -> Callable[[], None]:
        return lambda: play(player, study, accepted, lambda: ("long beak", "red"))

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
    # Both players of a region agreed on both labels, whoever came first or at the same time.
    explanations_work(study_id=study.pk, seconds=60)
    assert set(Label.objects.values_list("confirmed", flat=True)) == {1}


def check_many_payments() -> None:
    """While many play and agree in many words, workers pay by meaning, researchers hold and release labels,
    words are counted and leases expire. A deadlock would be raised by whoever is its victim."""
    study = make_study(max_labellings=6, rounds_per_game=3)
    study.gold_share, study.retire_agreement = 0.3, 0.4
    study.save()
    for number in range(5):
        make_image(study, layers=1, regions=2, predicted_class=number % 2)
    settled = {"settled": ["tail"], "gold": True, "retired_at": timezone.now()}
    Region.objects.filter(pk=Region.objects.filter(sign="supports")[:1]).update(**settled)
    players = [make_player(study) for _ in range(PLAYERS)]
    conducts = [Conduct.objects.create(study=study, player=player) for player in players[:3]]
    accepted: list[int] = []
    over = Event()

    def tab(seed: int, player: Player) -> Callable[[], None]:
        dice = random.Random(seed)
        return lambda: play(player, study, accepted, lambda: tuple(dice.sample(WORDS, 3)))

    def until_over(*actions: Callable[[], object]) -> Callable[[], None]:
        def go_on() -> None:
            for action in cycle(actions):
                action()
                if over.wait(0.01):
                    return

        return go_on

    def players_then_over() -> None:
        try:
            assert at_once([tab(seed, player) for seed, player in enumerate(players * 2)]) == []
        finally:
            over.set()

    some, held = Label.objects.order_by("?")[:5], Conduct.objects.filter(pk__in=[c.pk for c in conducts])
    raised = at_once(
        [
            players_then_over,
            until_over(lambda: explanations_work(study_id=study.pk, seconds=5)),
            until_over(
                lambda: ask_for_explanations(study), lambda: explanations_work(study_id=study.pk, seconds=5)
            ),
            until_over(
                lambda: labels_quarantine(
                    labels=Label.objects.filter(pk__in=list(some.values_list("pk", flat=True)))
                ),
                lambda: labels_release(labels=Label.objects.filter(quarantined=True)),
            ),
            until_over(lambda: players_quarantine(conducts=held), lambda: players_release(conducts=held)),
            until_over(words_count_due, leases_expire),
        ]
    )
    assert raised == []
    assert not Job.objects.filter(state=JobState.FAILED).exists(), Job.objects.filter(state=JobState.FAILED)
    ledger_adds_up()
    assert LedgerEntry.objects.filter(kind="correction").exists()
    assert Round.objects.filter(gold=True).exists()
    places = Counter(Round.objects.filter(holds_place=True).values_list("region", flat=True))
    for region in Region.objects.all():
        assert region.reserved == places[region.pk] <= region.capacity
    players_release(conducts=held)
    labels_release(labels=Label.objects.filter(quarantined=True))
    ledger_adds_up()
    ask_for_explanations(study)
    assert not explanations_work(study_id=study.pk, seconds=60)
    ledger_adds_up()


def ask_for_explanations(study: Study) -> None:
    jobs_request(study_id=study.pk, kind=JobKind.EXPLANATIONS, subjects=[0, 1])


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


@pytest.mark.django_db(transaction=True)
def test_payments_add_up_on_the_embedded_database() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the environment gives another database: see the last test")
    check_many_payments()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_places_hold_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("set GLIMPSE_TEST_DATABASE_URL to test on PostgreSQL")
    check_many_players()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_payments_add_up_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("set GLIMPSE_TEST_DATABASE_URL to test on PostgreSQL")
    check_many_payments()
