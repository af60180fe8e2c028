"""Where a study asks for fresh labels, what is settled is refused."""

import pytest

from glimpse.play.forms import refusal
from labeling.models import Region, Round
from tests.factories import make_image, make_player, make_round, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    study = make_study()
    study.settled_taboo = True
    study.save()
    make_image(study, layers=1, regions=1)
    round_ = make_round(study, make_player(study))
    Region.objects.filter(pk=round_.region_id).update(settled=["long beak"])
    return Round.objects.get(pk=round_.pk)


@pytest.mark.parametrize("label", ["long beak", "A long beak!", "LONG BEAKS"])
def test_what_is_settled_is_refused_in_any_inflection(round_: Round, label: str) -> None:
    assert "well known here already" in (refusal(round_, label) or "")


@pytest.mark.parametrize("label", ["beak", "long red beak", "tail"])
def test_other_words_are_welcome(round_: Round, label: str) -> None:
    assert refusal(round_, label) is None


def test_a_gold_round_takes_settled_words(round_: Round) -> None:
    round_.gold = True
    assert refusal(round_, "long beak") is None


def test_elsewhere_settled_words_are_welcome(round_: Round) -> None:
    round_.game.study.settled_taboo = False
    assert refusal(round_, "long beak") is None
