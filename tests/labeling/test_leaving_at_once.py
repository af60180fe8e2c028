"""Players sign in and withdraw while they and others play: nothing is lost, doubled or left behind."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, OperationalError

from labeling.models import Game, Player, Region, Round, Study
from labeling.models.study import Withdrawal
from labeling.services.accounts import account_claim
from labeling.services.answers import Answer, round_answer
from labeling.services.rounds import game_finish, game_start, round_next
from labeling.services.withdrawal import study_withdraw
from tests.factories import make_image, make_player, make_study
from tests.labeling.ledger import ledger_adds_up
from tests.labeling.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 8


@pytest.fixture
def study() -> Study:
    study = make_study(max_labellings=9, rounds_per_game=2)
    for _ in range(5):
        make_image(study, layers=1, regions=2)
    return study


def turns_of(player: Player, study: Study) -> Callable[[], None]:
    """Play on, for somebody who may leave at any moment."""

    def play() -> None:
        for _ in range(TURNS):
            try:
                game = game_start(player=player, study=study)
                if round_ := round_next(game=game):
                    round_answer(round_=round_, answer=Answer(("red", "long beak"), 1))
                else:
                    game_finish(game=game)
            except (ObjectDoesNotExist, IntegrityError, OperationalError):
                continue  # it was leaving at that moment

    return play


def check_places() -> None:
    places = Counter(Round.objects.filter(holds_place=True).values_list("region", flat=True))
    for region in Region.objects.all():
        assert region.reserved == places[region.pk] <= region.capacity
    ledger_adds_up()


def test_browsers_sign_in_twice_each_while_others_play(study: Study) -> None:
    user = User.objects.create_user("ada")
    guests, others = ([make_player(study) for _ in range(3)] for _ in range(2))
    for guest in guests:
        turns_of(guest, study)()

    def sign_in(guest: Player) -> Callable[[], object]:
        return lambda: account_claim(user_id=user.pk, guest=guest, language="en")

    raised = at_once(
        [
            *(turns_of(player, study) for player in others),
            *(sign_in(guest) for guest in guests),
            *(sign_in(guest) for guest in guests),
        ]
    )
    assert raised == []
    own = Player.objects.get(user=user)
    assert Player.objects.filter(merged_into=own).count() == 2
    assert len(set(own.rounds.values_list("region", flat=True))) == own.rounds.count() > 0
    check_places()


def test_two_accounts_that_claim_one_guest_do_not_both_get_it(study: Study) -> None:
    users = [User.objects.create_user(name) for name in ("ada", "bob")]
    for user in users:
        account_claim(user_id=user.pk, guest=None, language="en")
    guest = make_player(study)
    turns_of(guest, study)()
    rounds = guest.rounds.count()
    raised = at_once(
        [
            lambda user=user: account_claim(user_id=user.pk, guest=guest, language="en")  # type: ignore[misc]
            for user in users
        ]
    )
    assert raised == []
    guest.refresh_from_db()
    assert guest.merged_into is not None
    assert guest.merged_into.rounds.count() == rounds > 0
    check_places()


@pytest.mark.parametrize("withdrawal", Withdrawal)
def test_withdrawing_while_all_play(study: Study, withdrawal: str) -> None:
    Study.objects.update(withdrawal=withdrawal)
    study.refresh_from_db()
    leaving, *others = [make_player(study) for _ in range(4)]
    turns_of(leaving, study)()
    raised = at_once(
        [
            *(turns_of(player, study) for player in (leaving, *others)),
            *[lambda: study_withdraw(player=leaving, study=study)] * 2,
        ]
    )
    assert raised == []
    study_withdraw(player=leaving, study=study)
    assert not Round.objects.filter(player=leaving).exists()
    assert not leaving.ledger.exists()
    assert not leaving.standings.exists()
    nameless = Player.objects.filter(nickname="")
    assert nameless.exists() == (withdrawal == Withdrawal.ANONYMISE)
    assert not Game.objects.exclude(player__in=[leaving, *others, *nameless]).exists()
    for round_ in Round.objects.select_related("game"):
        assert round_.player_id == round_.game.player_id
    if withdrawal == Withdrawal.DELETE:
        check_places()
