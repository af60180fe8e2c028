import random

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from labeling.models import Game, Player, Region, Round, Study
from labeling.selectors.regions import candidates
from labeling.services.answers import Answer, round_answer
from labeling.services.rounds import (
    LAST_LEVEL,
    game_finish,
    game_start,
    round_next,
    round_show_more,
)
from tests.factories import make_game, make_image, make_player, make_round, make_study
from tests.labeling.ledger import earned

pytestmark = pytest.mark.django_db

ANSWER = Answer(("long beak",), 1)


def play_game(player: Player, study: Study) -> list[Round]:
    game, rounds = game_start(player=player, study=study), []
    while round_ := round_next(game=game):
        assert round_answer(round_=round_, answer=ANSWER)
        rounds.append(round_)
    game_finish(game=game)
    return rounds


def test_a_player_sees_every_supporting_region_once_and_no_other() -> None:
    study = make_study(rounds_per_game=5)
    for _ in range(3):
        make_image(study, layers=2, regions=2)
    player = make_player(study)
    seen = []
    while rounds := play_game(player, study):
        assert len({round_.image_id for round_ in rounds}) == len(rounds), "two rounds from one image"
        seen += [round_.region_id for round_ in rounds]
    wanted = Region.objects.filter(sign="supports").values_list("pk", flat=True)
    assert sorted(seen) == sorted(wanted)
    assert Region.objects.filter(sign="opposes", reserved__gt=0).count() == 0


def test_there_is_nothing_to_guess_of_a_picture_that_was_seen_whole() -> None:
    study = make_study(rounds_per_game=1)
    image = make_image(study)
    player = make_player(study)
    for familiar in (False, True):
        round_ = make_round(study, player)
        assert round_.familiar == familiar
        round_answer(round_=round_, answer=Answer(("tail",), image.true_class))
        assert (round_.correct, earned(round_)) == ((False, 0) if familiar else (True, 100))


@pytest.mark.parametrize("seed", range(5))
def test_unseen_images_come_first(seed: int) -> None:
    random.seed(seed)
    study = make_study(rounds_per_game=1)
    for _ in range(4):
        make_image(study)
    player = make_player(study)
    images = [round_.image_id for _ in range(8) for round_ in play_game(player, study)]
    assert len(set(images[:4])) == 4
    assert len(images) == 8, "then those that were seen"


def test_a_region_with_more_free_places_is_wanted_more() -> None:
    study = make_study(max_labellings=4)
    image = make_image(study, layers=1, regions=2)
    full, free = image.regions.filter(sign="supports").order_by("pk")
    Region.objects.update(priority=0.5)
    Region.objects.filter(pk=full.pk).update(reserved=3)
    wanted = {
        found.region_id: found.priority for found in candidates(make_game(study, make_player(study)), [])
    }
    assert wanted[full.pk] == pytest.approx(wanted[free.pk] / 4)


def test_a_full_region_is_given_to_nobody_else() -> None:
    study = make_study(max_labellings=1)
    make_image(study, layers=1, regions=1)
    assert len(play_game(make_player(study), study)) == 1
    assert play_game(make_player(study), study) == []


def test_a_game_wants_no_second_region_of_an_image_even_when_all_were_seen() -> None:
    study = make_study(rounds_per_game=2)
    images = [make_image(study, layers=2, regions=3) for _ in range(2)]
    player = make_player(study)
    play_game(player, study)
    game = make_game(study, player)
    had = make_round(study, player).image_id
    (other,) = {image.pk for image in images} - {had}
    wanted = Region.objects.filter(pk__in=[found.region_id for found in candidates(game, [had])])
    assert {region.image_id for region in wanted} == {other}


@pytest.mark.parametrize("change", [F("capacity") + 1, -1])
def test_the_database_itself_keeps_places_within_bounds(change: object) -> None:
    make_image(make_study())
    with pytest.raises(IntegrityError), transaction.atomic():
        Region.objects.update(reserved=change)


def test_a_second_tab_finds_the_same_game_and_round() -> None:
    study = make_study()
    make_image(study)
    player = make_player(study)
    first = make_round(study, player)
    second = make_round(study, player)
    assert (second.pk, second.game_id) == (first.pk, first.game_id)
    assert Region.objects.get(pk=first.region_id).reserved == 1


def test_the_database_itself_refuses_a_second_game_round_or_region() -> None:
    study = make_study()
    make_image(study)
    make_image(study)
    round_ = make_round(study, make_player(study))
    other = Region.objects.filter(sign="supports").exclude(image=round_.image_id)[0]
    copy = {"player": round_.player, "options": [], "leased_until": round_.leased_until}
    with pytest.raises(IntegrityError), transaction.atomic():
        Game.objects.create(study=study, player=round_.player)
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(game=round_.game, number=2, region=other, image=other.image, **copy)
    round_answer(round_=round_, answer=ANSWER)
    game_finish(game=round_.game)
    game = game_start(player=round_.player, study=study)
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(game=game, number=1, region=round_.region, image=round_.image, **copy)


def test_a_game_ends_after_its_rounds() -> None:
    study = make_study(rounds_per_game=2)
    for _ in range(3):
        make_image(study)
    player = make_player(study)
    rounds = play_game(player, study)
    assert [round_.number for round_ in rounds] == [1, 2]
    assert Game.objects.get().finished_at is not None
    assert game_start(player=player, study=study).pk != rounds[0].game_id


def test_show_more_climbs_one_level_and_repeats_change_nothing() -> None:
    study = make_study()
    make_image(study)
    round_ = make_round(study, make_player(study))
    assert round_show_more(round_=round_, to_level=1).level == 1
    assert round_show_more(round_=round_, to_level=1).level == 1
    assert round_show_more(round_=round_, to_level=3).level == 1, "no level is jumped"
    for level in range(2, LAST_LEVEL + 3):
        round_show_more(round_=round_, to_level=level)
    assert round_.level == LAST_LEVEL
    round_answer(round_=round_, answer=ANSWER)
    ended = round_.level
    Round.objects.update(level=2)
    assert round_show_more(round_=round_, to_level=3).level == 2, "it is over"
    Round.objects.update(level=ended)
