"""How long a place is kept, and what late work is worth."""

from datetime import timedelta

import pytest
from django.utils import timezone

from labeling.models import Region, Round, Study
from labeling.models.game import RoundState, SkipReason
from labeling.services.answers import Answer, round_answer, round_skip
from labeling.services.rounds import leases_expire
from tests.factories import make_image, make_player, make_round, make_study
from tests.labeling.ledger import earned

pytestmark = pytest.mark.django_db

ANSWER = Answer(("long beak",), 1)


@pytest.fixture
def study() -> Study:
    """A single place."""
    study = make_study(max_labellings=1)
    make_image(study, layers=1, regions=1)
    return study


def lapsed(study: Study) -> Round:
    """A round whose player has gone for tea."""
    round_ = make_round(study, make_player(study))
    Round.objects.filter(pk=round_.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    return round_


def reserved() -> int:
    return Region.objects.get(sign="supports").reserved


def test_a_live_lease_is_left_alone(study: Study) -> None:
    make_round(study, make_player(study))
    assert leases_expire() == 0
    assert reserved() == 1


def test_an_expired_lease_frees_the_place_once(study: Study) -> None:
    slow = lapsed(study)
    assert leases_expire(study=make_study()) == 0, "in its own study"
    assert leases_expire(study=study) == 1
    assert leases_expire() == 0
    slow.refresh_from_db()
    assert (slow.state, slow.holds_place, reserved()) == (RoundState.OPEN, False, 0)


def test_whoever_comes_next_gets_the_place_without_a_sweep(study: Study) -> None:
    slow = lapsed(study)
    quick = make_round(study, make_player(study))
    assert quick.region_id == slow.region_id
    assert reserved() == 1


def test_late_work_takes_a_place_that_is_still_free(study: Study) -> None:
    slow = lapsed(study)
    leases_expire()
    assert round_answer(round_=slow, answer=ANSWER)
    slow.refresh_from_db()
    assert (slow.holds_place, reserved(), earned(slow)) == (True, 1, 100)
    assert leases_expire() == 0, "an answered round has no lease"


def test_late_work_without_a_sweep_in_between_keeps_its_place(study: Study) -> None:
    slow = lapsed(study)
    assert round_answer(round_=slow, answer=ANSWER)
    slow.refresh_from_db()
    assert (slow.holds_place, reserved()) == (True, 1)


def test_late_work_without_room_is_paid_and_kept_as_surplus(study: Study) -> None:
    slow = lapsed(study)
    quick = make_round(study, make_player(study))
    assert round_answer(round_=slow, answer=ANSWER)
    assert round_answer(round_=quick, answer=ANSWER)
    for round_ in (slow, quick):
        round_.refresh_from_db()
    assert (slow.state, slow.holds_place, earned(slow)) == (RoundState.ANSWERED, False, 112)
    assert (quick.holds_place, earned(quick)) == (True, 112), "the surplus label counts as an earlier one"
    assert Region.objects.get(sign="supports").labellings == 1
    assert slow.labels.count() == 1
    assert reserved() == 1


def test_a_skip_after_the_lease_gives_no_place_back_twice(study: Study) -> None:
    slow = lapsed(study)
    make_round(study, make_player(study))
    assert round_skip(round_=slow, reason=SkipReason.TOO_DARK)
    assert reserved() == 1
