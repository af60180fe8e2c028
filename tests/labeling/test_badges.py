"""Badges: each for the first time only, when a game ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from labeling.models import Game, Label, Player, Region, Round, Study, Word
from labeling.models.game import RoundState, SkipReason
from labeling.models.reward import BadgeKind
from labeling.services.answers import round_skip
from labeling.services.badges import badges_award
from labeling.services.rounds import game_finish
from tests.factories import make_game, make_image, make_player, make_round, make_study
from tests.labeling.turns import RIGHT, WRONG, answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    """Of one round a game, so that every answer ends one."""
    study = make_study(rounds_per_game=1, max_labellings=30)
    make_image(study, layers=1, regions=1)
    return study


def badges(player: Player) -> list[str]:
    return list(player.badges.values_list("kind", flat=True))


def test_a_first_game_gives_a_first_glimpse_and_nothing_else(study: Study) -> None:
    assert badges(answered(study, "beak").player) == [BadgeKind.FIRST_GLIMPSE]


def test_each_is_given_once(study: Study) -> None:
    player = make_player(study)
    for _ in range(3):
        make_image(study, layers=1, regions=1)
        round_ = answered(study, "beak", player=player, guess=RIGHT)
        badges_award(player=player, game=round_.game)
    assert badges(player) == [BadgeKind.FIRST_GLIMPSE, BadgeKind.SHARP_EYE]


def test_no_badge_before_the_game_ends() -> None:
    study = make_study(rounds_per_game=2)
    make_image(study)
    make_image(study)
    player = make_player(study)
    answered(study, "beak", player=player)
    assert badges(player) == []
    answered(study, "beak", player=player)
    assert badges(player) == [BadgeKind.FIRST_GLIMPSE]


def test_a_game_that_ends_for_want_of_pictures_gives_them_too() -> None:
    study = make_study(rounds_per_game=5)
    make_image(study)
    player = make_player(study)
    answered(study, "beak", player=player)
    game_finish(game=make_game(study, player))
    assert badges(player) == [BadgeKind.FIRST_GLIMPSE]


def test_a_skipped_round_is_no_glimpse(study: Study) -> None:
    player = make_player(study)
    round_skip(round_=make_round(study, player), reason=SkipReason.TOO_DARK)
    assert badges(player) == []


def test_a_sharp_eye_is_right_at_the_first_level(study: Study) -> None:
    assert BadgeKind.SHARP_EYE not in badges(answered(study, "beak", guess=RIGHT, level=1).player)
    assert BadgeKind.SHARP_EYE not in badges(answered(study, "beak", guess=WRONG).player)
    assert BadgeKind.SHARP_EYE in badges(answered(study, "beak", guess=RIGHT).player)


@pytest.mark.parametrize(("rounds", "wrong", "full"), [(5, 0, True), (5, 1, False), (4, 0, False)])
def test_a_full_house_has_five_right_guesses(rounds: int, wrong: int, full: bool) -> None:
    study = make_study(rounds_per_game=rounds)
    for _ in range(rounds):
        make_image(study, layers=1, regions=1)
    player = make_player(study)
    for number in range(rounds):
        answered(study, "beak", player=player, guess=WRONG if number < wrong else RIGHT)
    assert (BadgeKind.FULL_HOUSE in badges(player)) == full


def test_kindred_eyes_need_ten_labels_that_others_confirm() -> None:
    study = make_study(rounds_per_game=1)
    one, other = make_player(study), make_player(study)
    for number in range(4):
        make_image(study, layers=1, regions=1)
        words = ("beak", "red", "tail")[: 3 if number < 3 else 1]
        answered(study, *words, player=one)
        answered(study, *words, player=other)
        assert (BadgeKind.KINDRED in badges(other)) == (number == 3)
    assert Label.objects.filter(round__player=one, confirmed=1).count() == 10


def test_a_rare_word_is_one_that_earns_nearly_the_most(study: Study) -> None:
    study.words_total = 448  # a first word: 9 bits, 18 points
    study.save()
    Word.objects.create(study=study, text="red", labels=1)  # 8 bits, 16 points
    answered(study, "red")
    assert BadgeKind.RARE_WORD not in badges(answered(study, "red").player)
    answered(study, "whiskers")
    assert BadgeKind.RARE_WORD in badges(answered(study, "whiskers").player)


def test_steady_is_given_with_the_seventh_day_itself(study: Study) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    player = make_player(study)
    Player.objects.filter(pk=player.pk).update(streak_days=6, streak_on=yesterday)
    player.refresh_from_db()
    assert BadgeKind.STEADY in badges(answered(study, "beak", player=player).player)
    late = make_player(study)
    Player.objects.filter(pk=late.pk).update(streak_days=6, streak_on=yesterday - timedelta(days=1))
    late.refresh_from_db()
    assert BadgeKind.STEADY not in badges(answered(study, "beak", player=late).player)


@pytest.mark.parametrize(("before", "given"), [(98, False), (99, True)])
def test_a_hundred_glimpses(study: Study, before: int, given: bool) -> None:
    """Rounds of earlier games stand for what would take long to play."""
    player, image = make_player(study), study.images.get()
    found = image.regions.filter(sign="supports").get()
    regions = Region.objects.bulk_create(
        copy_of(found, layer=f"more.{number}", capacity=0) for number in range(before)
    )
    games = Game.objects.bulk_create(
        Game(study=study, player=player, finished_at=timezone.now()) for _ in regions
    )
    Round.objects.bulk_create(
        Round(
            game=game, number=1, player=player, image=image, region=region, options=[], holds_place=False,
            state=RoundState.ANSWERED, leased_until=timezone.now(),
        )
        for game, region in zip(games, regions, strict=True)
    )  # fmt: skip
    assert (BadgeKind.HUNDRED in badges(answered(study, "beak", player=player).player)) == given


def copy_of(region: Region, **changes: object) -> Region:
    values = {field.attname: getattr(region, field.attname) for field in Region._meta.concrete_fields}
    return Region(**{**values, "id": None, **changes})
