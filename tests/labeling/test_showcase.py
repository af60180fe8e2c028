"""Images that the front page gives away are never played."""

import random

import pytest
from django.db.models import QuerySet

from labeling.models import Image, Region, Study
from labeling.models.game import SkipReason
from labeling.models.study import StudyState
from labeling.selectors.showcase import OPTIONS, showcase_draw, showcase_of
from labeling.services.answers import round_skip
from labeling.services.regions import regions_write
from labeling.services.rounds import round_next
from labeling.services.showcase import showcase_begin, showcase_end
from tests.factories import make_found, make_game, make_image, make_player, make_round, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    return make_study()


def one(image: Image) -> QuerySet[Image]:
    return Image.objects.filter(pk=image.pk)


def test_nobody_plays_what_is_given_away(study: Study) -> None:
    given, other = make_image(study), make_image(study)
    assert showcase_begin(images=one(given)) == 1
    assert showcase_begin(images=one(given)) == 0
    player = make_player(study)
    assert make_round(study, player).image == other
    assert round_skip(round_=make_round(study, player), reason=SkipReason.NOTHING)
    assert round_next(game=make_game(study, player)) is None, "the next would be of the same image"
    assert set(given.regions.values_list("capacity", flat=True)) == {0}


def test_what_somebody_has_played_is_not_given_away(study: Study) -> None:
    played = make_image(study)
    make_round(study, make_player(study))
    assert showcase_begin(images=study.images.order_by("-name").select_related("study")) == 0
    played.refresh_from_db()
    assert not played.showcase
    assert played.regions.filter(capacity__gt=0).exists()


def test_what_was_given_away_is_not_played_later(study: Study) -> None:
    image = make_image(study)
    showcase_begin(images=one(image))
    assert showcase_end(images=one(image)) == 1
    assert showcase_end(images=one(image)) == 0
    assert showcase_draw() is None
    assert round_next(game=make_game(study, make_player(study))) is None


def test_a_worker_that_began_before_gives_its_regions_no_places(study: Study) -> None:
    image = make_image(study)
    image.regions.all().delete()
    assert showcase_begin(images=one(image)) == 1
    assert not image.showcase, "what the worker has read"
    regions_write(study=study, image=image, found=make_found(2, 2, seed=1))
    assert set(image.regions.values_list("capacity", flat=True)) == {0}


@pytest.mark.parametrize("opposing", [False, True])
def test_opposing_regions_are_played_where_the_study_says_so(study: Study, opposing: bool) -> None:
    study.opposing_played = opposing
    study.save()
    make_image(study)
    places = Region.objects.values_list("sign", "capacity").distinct().order_by("sign")
    assert list(places) == [("opposes", 5 if opposing else 0), ("supports", 5)]
    player, signs = make_player(study), set()
    while round_ := round_next(game=make_game(study, player)):
        signs.add(round_.region.sign)
        round_.game.rounds.update(state="skipped")
        round_.game.finished_at = round_.created_at
        round_.game.save()
    assert signs == ({"supports", "opposes"} if opposing else {"supports"})


def test_only_open_studies_give_away_and_only_prepared_images(study: Study) -> None:
    image = make_image(study)
    assert showcase_draw() is None
    showcase_begin(images=one(image))
    shown = showcase_draw()
    assert shown is not None
    assert shown.image == image
    for change in ({"prepared_at": None}, {"showcase": False}):
        one(image).update(**change)
        assert showcase_of(image.key) is None
        one(image).update(prepared_at=image.prepared_at, showcase=True)
    Study.objects.update(state=StudyState.PAUSED)
    assert showcase_of(image.key) is showcase_draw() is None


def test_it_shows_the_heaviest_region_of_a_late_layer_and_four_options(study: Study) -> None:
    image = make_image(study, layers=5, regions=2)
    heavy = image.regions.filter(depth=2, sign="supports").order_by("index")[1]
    Region.objects.filter(pk=heavy.pk).update(weight=0.9)
    showcase_begin(images=one(image))
    shown = showcase_of(image.key)
    assert shown is not None
    assert shown.region == heavy
    classes = [index for index, _ in shown.options]
    assert len(set(classes)) == OPTIONS
    assert image.answer_class in classes
    assert classes == [index for index in image.options if index in classes]
    assert showcase_of(make_image(study).key) is None, "of a picture that is played nothing is shown"


def test_all_are_drawn(study: Study) -> None:
    random.seed(1)
    images = [make_image(study) for _ in range(3)]
    showcase_begin(images=study.images.all())
    drawn = {shown.image.pk for _ in range(50) if (shown := showcase_draw())}
    assert drawn == {image.pk for image in images}
