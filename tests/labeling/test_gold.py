"""Gold rounds: settled regions that calibrate a player and look like any other."""

import random
from collections import Counter

import pytest
from django.utils import timezone

from labeling.models import Game, Region, Round, Study
from labeling.models.game import RoundState
from labeling.services.answers import Answer, round_answer
from labeling.services.rounds import game_start, leases_expire, round_next
from tests.factories import make_game, make_image, make_player, make_round, make_study
from tests.labeling.ledger import earned
from tests.labeling.turns import RIGHT, WRONG, answered, explain

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    """Every round is gold where it can be."""
    study = make_study(rounds_per_game=2, max_labellings=30)
    study.gold_share = 1
    study.save()
    return study


@pytest.fixture
def gold(study: Study) -> Region:
    """Three players said beak of it, and it needs nobody."""
    gold = make_image(study, layers=1, regions=1).regions.get(sign="supports")
    for _ in range(3):
        answered(study, "beak")
    settled = {"agreement": 1, "settled": ["beak"], "gold": True, "retired_at": timezone.now()}
    Region.objects.filter(pk=gold.pk).update(**settled)  # as a worker does: see test_retirement
    Game.objects.update(finished_at="2026-01-01T00:00Z")
    make_image(study, layers=1, regions=2)
    return gold


def test_a_gold_round_takes_no_place_and_is_no_labelling(study: Study, gold: Region) -> None:
    before = Region.objects.values().get(pk=gold.pk)
    round_ = make_round(study, make_player(study))
    assert (round_.region, round_.gold, round_.holds_place) == (gold, True, False)
    assert leases_expire() == 0
    assert round_answer(round_=round_, answer=Answer(("beak",), RIGHT))
    assert Region.objects.values().get(pk=gold.pk) == before


def test_it_looks_like_any_other(study: Study, gold: Region) -> None:
    player = make_player(study)
    golden = make_round(study, player)
    round_answer(round_=golden, answer=Answer(("beak",), RIGHT))
    other = make_round(study, player)
    assert (golden.gold, other.gold) == (True, False)
    for round_ in (golden, other):
        assert (round_.familiar, round_.level) == (False, 0)
        assert len(round_.options) == study.options_per_round
        lease = (round_.leased_until - round_.created_at).total_seconds()
        assert lease == pytest.approx(study.lease_seconds, abs=1)
        assert len(round_.key) == len(golden.key)
    assert golden.number + 1 == other.number


def test_it_is_paid_like_any_other(study: Study, gold: Region) -> None:
    assert earned(answered(study, "beak", guess=RIGHT)) == 100 + 3 * 12
    assert earned(answered(study, "sky", guess=WRONG)) == 0


def test_it_is_never_of_a_picture_that_was_seen(study: Study, gold: Region) -> None:
    image = make_image(study, layers=2, regions=2)
    player = make_player(study)
    for _ in range(3):
        answered(study, "beak", player=player)
    image.regions.filter(sign="supports").update(gold=True, settled=["beak"])
    seen: set[int] = set()
    while round_ := round_next(game=game_start(player=player, study=study)):
        assert not (round_.gold and round_.image_id in seen)
        assert round_.gold == (not round_.familiar and round_.region.gold)
        seen.add(round_.image_id)
        round_answer(round_=round_, answer=Answer(("beak",), WRONG))
    rounds = player.rounds.all()
    assert len({round_.region_id for round_ in rounds}) == len(rounds)


def test_a_study_is_not_gone_on_with_for_gold_alone(study: Study, gold: Region) -> None:
    Region.objects.exclude(pk=gold.pk).update(capacity=0)
    assert round_next(game=make_game(study, make_player(study))) is None


def test_without_anything_settled_all_rounds_are_regular(study: Study) -> None:
    make_image(study)
    assert not make_round(study, make_player(study)).gold


@pytest.mark.parametrize("share", [0.0, 0.1, 0.4])
def test_their_share_is_the_studys(study: Study, gold: Region, share: float) -> None:
    random.seed(1)
    study.gold_share = share
    study.save()
    Region.objects.filter(gold=False, sign="supports").update(capacity=1000)
    count = 300
    found = Counter(make_round(study, make_player(study)).gold for _ in range(count))
    assert found[True] / count == pytest.approx(share, abs=3 * (share * (1 - share) / count) ** 0.5)


@pytest.mark.parametrize(
    ("words", "hit"), [(("sky", "beaks"), True), (("sky",), False), (("castle window", "red"), False)]
)
def test_a_player_hits_what_is_settled_or_not(
    study: Study, gold: Region, words: tuple[str, ...], hit: bool
) -> None:
    assert answered(study, *words).gold_hit is hit


def test_the_same_meaning_in_other_words_is_a_hit_once_a_worker_has_looked(
    study: Study, gold: Region
) -> None:
    other, missed = answered(study, "a long beak"), answered(study, "castle window")
    assert (other.gold_hit, missed.gold_hit) == (False, False)
    explain(study)
    other.refresh_from_db()
    missed.refresh_from_db()
    assert (other.gold_hit, missed.gold_hit) == (True, False)
    assert earned(other) > 0


def test_where_nothing_is_settled_any_more_there_is_nothing_to_hit(study: Study, gold: Region) -> None:
    round_ = make_round(study, make_player(study))
    Region.objects.filter(pk=gold.pk).update(settled=[], gold=False)
    round_ = Round.objects.get(pk=round_.pk)
    assert round_answer(round_=round_, answer=Answer(("sky",), WRONG))
    assert (round_.state, round_.gold_hit) == (RoundState.ANSWERED, None)


def test_a_regular_round_hits_nothing(study: Study) -> None:
    make_image(study)
    assert answered(study, "beak").gold_hit is None


def test_who_is_measured_does_not_move_the_measure(study: Study, gold: Region) -> None:
    before = Region.objects.values().get(pk=gold.pk)
    for _ in range(4):
        assert answered(study, "castle window").gold
    explain(study)
    assert Region.objects.values().get(pk=gold.pk) == before


def test_gold_rounds_confirm_nothing_for_each_other(study: Study, gold: Region) -> None:
    one, other = answered(study, "castle window"), answered(study, "castle windows")
    assert one.gold
    assert other.gold
    explain(study)
    assert earned(one) == earned(other) == 0
