from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from labeling.models import Game, Job, Label, Region, Round, Study
from labeling.models.game import RoundState, SkipReason
from labeling.models.job import JobKind, JobState
from labeling.points import guess_points
from labeling.services.answers import Answer, round_answer, round_skip
from labeling.services.rounds import LAST_LEVEL, leases_expire, round_show_more
from tests.factories import make_image, make_player, make_round, make_study
from tests.labeling.ledger import earned
from tests.labeling.turns import RIGHT, WRONG, answered
from tests.labeling.work import forget_messages, messages

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    """One region, so that every player gets the same."""
    study = make_study(rounds_per_game=1)
    make_image(study, true_class=RIGHT, layers=1, regions=1)
    return study


@pytest.mark.parametrize(("level", "points"), [(0, 100), (1, 85), (2, 70), (3, 55), (4, 40), (5, 25)])
def test_a_right_guess_earns_less_with_each_level(study: Study, level: int, points: int) -> None:
    assert guess_points(level) == points
    assert earned(answered(study, "beak", guess=RIGHT, level=level)) == points


@pytest.mark.parametrize("guess", [WRONG, None])
def test_a_wrong_guess_or_none_earns_nothing(study: Study, guess: int | None) -> None:
    round_ = answered(study, "beak", guess=guess)
    assert (round_.guess, round_.correct, earned(round_)) == (guess, False, 0)


def test_the_level_that_counts_is_the_one_in_the_database(study: Study) -> None:
    here = make_round(study, make_player(study))
    there = Round.objects.get(pk=here.pk)
    round_show_more(round_=there, to_level=1)
    round_answer(round_=here, answer=Answer(("beak",), RIGHT))
    here.refresh_from_db()
    assert (here.level, earned(here)) == (1, 85)


def test_an_answer_counts_whatever_changes_meanwhile(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second tab climbs one level, and a sweep takes the place, each time that the answer looks again."""
    round_ = make_round(study, make_player(study))
    here = Round.objects.get(pk=round_.pk)
    round_show_more(round_=round_, to_level=1)
    look_again = Round.refresh_from_db

    def late(self: Round, **kwargs: object) -> None:
        look_again(self, **kwargs)  # type: ignore[arg-type]
        Round.objects.filter(level__lt=LAST_LEVEL).update(level=F("level") + 1)
        if self.level == LAST_LEVEL and self.holds_place:
            Round.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
            assert leases_expire() == 1

    monkeypatch.setattr(Round, "refresh_from_db", late)
    assert round_answer(round_=here, answer=Answer(("beak",), RIGHT))
    monkeypatch.undo()
    here.refresh_from_db()
    assert (here.level, earned(here), here.holds_place) == (LAST_LEVEL, 25, True)


@pytest.mark.parametrize(("told", "kept"), [(None, 60), (2.5, 2.5), (1e9, 60), (-4, 0)])
def test_a_browser_is_not_believed_beyond_what_is_possible(
    study: Study, told: float | None, kept: float
) -> None:
    round_ = make_round(study, make_player(study))
    round_.created_at -= timedelta(seconds=60)
    assert round_answer(round_=round_, answer=Answer(("beak",), RIGHT, told))
    assert round_.seconds == pytest.approx(kept, abs=5)


def test_where_no_truth_is_known_the_network_is_right() -> None:
    study = make_study()
    make_image(study, true_class=None, predicted_class=WRONG)
    assert answered(study, "beak", guess=WRONG).correct


def test_a_known_truth_beats_the_network() -> None:
    study = make_study()
    make_image(study, true_class=RIGHT, predicted_class=WRONG)
    assert answered(study, "beak", guess=RIGHT).correct


def test_one_normal_form_is_stored_once_as_first_typed(study: Study) -> None:
    round_ = answered(study, "It has Stripes", "stripes!", "the stripes", "fur")
    assert list(round_.labels.values_list("raw", "text")) == [("It has Stripes", "stripes"), ("fur", "fur")]


def test_answering_twice_changes_nothing(study: Study) -> None:
    round_ = answered(study, "beak", guess=WRONG)
    stale = Round.objects.get(pk=round_.pk)
    tables = (Round, Label, Region, Job, Game)
    before = [list(table.objects.values()) for table in tables]
    stale.state = RoundState.OPEN
    assert not round_answer(round_=stale, answer=Answer(("wing",), RIGHT))
    assert not round_skip(round_=stale, reason=SkipReason.NOTHING)
    assert [list(table.objects.values()) for table in tables] == before


def test_a_skip_gives_the_place_back_and_stores_its_reason(study: Study) -> None:
    player = make_player(study)
    round_ = make_round(study, player)
    assert Region.objects.get(sign="supports").reserved == 1
    assert round_skip(round_=round_, reason=SkipReason.UPSETTING)
    assert not round_skip(round_=round_, reason=SkipReason.NOTHING)
    assert not round_answer(round_=round_, answer=Answer(("beak",), RIGHT))
    round_.refresh_from_db()
    assert (round_.state, round_.skip_reason, round_.holds_place) == (RoundState.SKIPPED, "upsetting", False)
    assert Region.objects.get(sign="supports").reserved == 0
    assert Game.objects.get().finished_at is not None, "it was the last"
    assert not Job.objects.exists(), "nothing to explain"


def test_only_the_last_round_finishes_the_game() -> None:
    study = make_study(rounds_per_game=2)
    make_image(study)
    make_image(study)
    player = make_player(study)
    round_answer(round_=make_round(study, player), answer=Answer(("beak",), RIGHT))
    assert Game.objects.get().finished_at is None
    round_answer(round_=make_round(study, player), answer=Answer(("beak",), RIGHT))
    assert Game.objects.get().finished_at is not None


def test_an_explanation_is_asked_for_when_the_answer_is_committed(
    study: Study, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    forget_messages()
    with django_capture_on_commit_callbacks(execute=True):
        answered(study, "beak")
        assert messages() == [], "not before the commit"
    job = Job.objects.get()
    assert (job.kind, job.subject, job.state) == (JobKind.EXPLANATIONS, RIGHT, JobState.QUEUED)
    assert messages() == [("text", "labeling.tasks.explanations_refresh", f"({study.pk},)")]
