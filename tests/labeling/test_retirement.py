"""When a region needs no more players: enough of them agree, by what their labels mean."""

from datetime import timedelta

import pytest
from django.utils import timezone

from labeling.models import Label, Region, Study
from labeling.services.answers import Answer, round_answer
from labeling.services.quarantine import labels_quarantine, labels_release
from labeling.services.rounds import leases_expire, round_next
from labeling.services.settling import agreement
from tests.factories import make_game, make_image, make_player, make_round, make_study
from tests.labeling.turns import RIGHT, answered, explain


@pytest.mark.parametrize(
    ("players", "groups", "share"),
    [
        ([], [], None),
        ([1], [[1]], None),
        ([1, 2], [[1, 2]], 1),
        ([1, 2], [[1], [2]], 0),
        ([1, 2, 3], [[1, 2], [3]], 1 / 3),
        ([1, 2, 3], [[1, 2], [2, 3]], 2 / 3),  # a chain: 1 and 3 do not agree
        ([1, 2, 3, 4], [[1, 2, 3], [1, 2], [4]], 3 / 6),  # who agrees twice agrees once
    ],
)
def test_agreement_is_the_share_of_pairs(
    players: list[int], groups: list[list[int]], share: float | None
) -> None:
    assert agreement(players, groups) == (share if share is None else pytest.approx(share))


pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    study = make_study(rounds_per_game=1, max_labellings=5)
    study.min_labellings = 3
    study.save()
    make_image(study, layers=1, regions=1)
    return study


def region() -> Region:
    return Region.objects.get(sign="supports")


def is_played(study: Study) -> bool:
    return round_next(game=make_game(study, make_player(study))) is not None


def test_a_region_retires_once_enough_players_agree_in_meaning(study: Study) -> None:
    for words in ("feathers", "red feathers"):
        answered(study, words)
        explain(study)
        assert region().retired_at is None, "fewer than three players"
    answered(study, "the feather", "sky")
    explain(study)
    settled = region()
    assert settled.retired_at is not None
    assert (settled.agreement, settled.labellings, settled.reserved) == (1, 3, 3)
    assert settled.settled == ["feather", "feathers", "red feathers"], "one player's sky is not settled"
    assert settled.gold
    assert not is_played(study), "there are two places, which nobody needs"


def test_it_stays_in_play_below_the_threshold(study: Study) -> None:
    for words in ("feathers", "feathers", "castle window"):
        answered(study, words)
    explain(study)
    doubtful = region()
    assert doubtful.agreement == pytest.approx(1 / 3)
    assert (doubtful.retired_at, doubtful.settled, doubtful.gold) == (None, [], False)
    assert is_played(study)


def test_the_threshold_is_the_studys(study: Study) -> None:
    study.retire_agreement = 1 / 3
    study.save()
    for words in ("feathers", "feathers", "castle window"):
        answered(study, words)
    explain(study)
    assert region().retired_at is not None
    assert region().settled == ["feathers"], "what most players mean"


def test_settling_twice_changes_nothing(study: Study) -> None:
    for _ in range(3):
        answered(study, "feathers")
    explain(study)
    before = Region.objects.values().get(sign="supports")
    explain(study)
    assert Region.objects.values().get(sign="supports") == before


def test_held_labels_retire_nothing_and_what_they_retired_is_played_again(study: Study) -> None:
    rounds = [answered(study, "feathers") for _ in range(3)]
    explain(study)
    for _ in range(2):
        labels_quarantine(labels=rounds[0].labels.all())
        explain(study)
        back = region()
        assert (back.retired_at, back.settled, back.gold, back.reserved) == (None, [], False, 2)
        labels_release(labels=rounds[0].labels.all())
        explain(study)
        assert region().retired_at is not None
        assert region().reserved == 3
    labels_quarantine(labels=Label.objects.all())
    explain(study)
    assert (region().agreement, region().retired_at, region().reserved) == (None, None, 0)
    assert is_played(study)


def test_whoever_was_already_there_still_counts(study: Study) -> None:
    slow = make_round(study, make_player(study))
    late = make_round(study, make_player(study))
    for _ in range(3):
        answered(study, "feathers")
    explain(study)
    assert region().retired_at is not None
    assert round_answer(round_=slow, answer=Answer(("feathers",), RIGHT))
    assert (region().labellings, region().reserved) == (4, 5)
    late.leased_until = timezone.now() - timedelta(seconds=1)
    late.save()
    assert leases_expire() == 1
    assert round_answer(round_=late, answer=Answer(("feathers",), RIGHT))
    late.refresh_from_db()
    assert (late.holds_place, region().labellings, region().reserved) == (False, 4, 4), "surplus"


def test_fresh_labels_are_asked_for_up_to_the_last_place_where_the_study_wants_them(study: Study) -> None:
    study.settled_taboo, study.gold_share = True, 0
    study.save()
    for _ in range(3):
        answered(study, "feathers")
    explain(study)
    settled = region()
    assert (settled.settled, settled.retired_at) == (["feathers"], None)
    Region.objects.filter(sign="supports").update(capacity=7)
    for words in ("castle window", "long beak", "blue sky", "wooden boat"):
        answered(study, words)
        explain(study)
        assert region().settled == ["feathers"], "dissent does not unsettle it"
    assert not is_played(study), "seven places, seven players"
