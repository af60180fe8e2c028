"""How far players of a study agree, as its job finds it."""

import pytest

from labeling import tasks
from labeling.models import Image, Job, Player, RegionReliability, Study
from labeling.models.job import JobKind, JobState
from labeling.services.reliability import reliability_work
from tests.factories import make_image, make_player, make_study
from tests.labeling.turns import RIGHT, WRONG, answered, explain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def study() -> Study:
    return make_study(rounds_per_game=1, max_labellings=9)


def described(study: Study, class_index: int, *texts: str) -> Image:
    """A new image of one region, described by a new player for each text."""
    study.images.update(prepared_at=None)
    study.regions.update(capacity=0, reserved=0)
    image = make_image(study, predicted_class=class_index, true_class=class_index, layers=1, regions=1)
    for text in texts:
        assert answered(study, text, guess=class_index).image == image
    return image


def measure(study: Study) -> Study:
    for class_index in (RIGHT, WRONG):
        explain(study, class_index)
    assert not reliability_work(study_id=study.pk, seconds=60, at_once=True)
    assert Job.objects.get(study=study, kind=JobKind.RELIABILITY).state == JobState.DONE
    return Study.objects.get(pk=study.pk)


def test_nobody_has_said_anything(study: Study) -> None:
    make_image(study)
    assert study.reliability == {}
    found = measure(study).reliability
    assert (found["study"]["alpha"], found["study"]["reason"]) == (None, "nobody to compare")
    assert found["layers"] == []


def test_of_study_layer_and_region_with_intervals(study: Study) -> None:
    """Three agree on one region, and three on another about something else; one of three does on a third."""
    regions = [
        described(study, RIGHT, *texts).regions.get(sign="supports").pk
        for texts in (["wheel"] * 3, ["beak"] * 3, ["wheel", "beak", "beak"])
    ]
    found = measure(study).reliability
    # 9 values, 4 wheel and 5 beak. Do = (0 + 0 + 2/3 * 3) / 9 = 2/9, with 4 unlike ordered pairs of 6 on the
    # third region; De = 2 * 4 * 5 / (9 * 8) = 5/9.
    assert found["study"]["alpha"] == pytest.approx(1 - (2 / 9) / (5 / 9))
    assert found["study"]["low"] < found["study"]["alpha"] <= found["study"]["high"]
    assert (found["study"]["units"], found["study"]["pairs"]) == (3, 9)
    (layer,) = found["layers"]
    assert layer == {"layer": "blocks.0", **found["study"]}, "the only layer"
    assert (found["labels"], found["players"], found["simulated"]) == (9, 9, 0)
    own = RegionReliability.objects.get(study=study).result
    assert [own[str(pk)]["alpha"] for pk in regions] == pytest.approx([1, 1, 1 - (2 / 3) / (5 / 9)])
    assert own[str(regions[2])]["low"] < own[str(regions[2])]["alpha"]


def test_the_same_name_in_two_classes_is_one_meaning(study: Study) -> None:
    described(study, RIGHT, "stripes", "stripes")
    described(study, WRONG, "stripes", "a stripe")
    assert measure(study).reliability["study"]["reason"] == "nothing differs"


def test_once_more_changes_nothing_and_simulated_players_are_counted(study: Study) -> None:
    described(study, RIGHT, "wheel", "beak")
    described(study, RIGHT, "wheel", "wheel")
    Player.objects.filter(pk=Player.objects.earliest("pk").pk).update(simulated=True)
    before = measure(study).reliability
    assert before["simulated"] == 1
    tasks.reliability_measure(study.pk)
    assert measure(study).reliability == before
    assert RegionReliability.objects.count() == 1


def test_gold_rounds_are_left_out(study: Study) -> None:
    described(study, RIGHT, "wheel", "wheel")
    described(study, RIGHT, "beak", "beak")
    before = measure(study).reliability
    study.regions.filter(labellings__gt=0).update(gold=True)
    Study.objects.filter(pk=study.pk).update(gold_share=1)
    round_ = answered(Study.objects.get(pk=study.pk), "window", player=make_player(study), guess=RIGHT)
    assert round_.gold
    assert measure(study).reliability == before
