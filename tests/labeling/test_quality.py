"""Judging a study: what is asked for and when, and what its decisions do."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from labeling import tasks
from labeling.models import Conduct, Job, Label, Player, Region, Round, Study
from labeling.models.conduct import Verdict
from labeling.models.job import JobKind, JobState
from labeling.services.answers import Answer, round_answer
from labeling.services.conducts import believed
from labeling.services.holding import labels_hold
from labeling.services.jobs import jobs_request
from labeling.services.quality import quality_request_due, quality_work
from labeling.services.quarantine import (
    labels_quarantine,
    labels_release,
    players_quarantine,
    players_release,
)
from tests.factories import make_image, make_player, make_round, make_study

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def study() -> Study:
    study = make_study(rounds_per_game=1)
    make_image(study, layers=1, regions=1)
    return study


def say(study: Study, *labels: str, player: Player | None = None) -> Label:
    round_ = make_round(study, player or make_player(study))
    assert round_answer(round_=round_, answer=Answer(labels, 1))
    label = round_.labels.order_by("pk").first()
    assert label is not None
    return label


def judge(study: Study) -> None:
    jobs_request(study_id=study.pk, kind=JobKind.QUALITY, subjects=[0])
    assert not quality_work(study_id=study.pk, seconds=30)
    assert Job.objects.get(study=study, kind=JobKind.QUALITY).state == JobState.DONE


def again(label: Label) -> Label:
    return Label.objects.get(pk=label.pk)


def test_single_labels_are_held_with_their_reasons(study: Study) -> None:
    fine, swears, mashed = say(study, "long beak"), say(study, "shitty beak"), say(study, "asdkjhq")
    judge(study)
    assert [again(label).quarantined for label in (fine, swears, mashed)] == [False, True, True]
    assert again(swears).reasons == ["profanity"]
    assert again(mashed).reasons == ["gibberish"]
    assert not Conduct.objects.filter(quarantined=True).exists(), "one answer gives no verdict"
    assert not Conduct.objects.exclude(signals={}).exists()


def test_class_names_are_words_and_never_swear_words(study: Study) -> None:
    study.display_names = {"hen": {"en": "cock", "it": "gallinazo"}}
    study.save()
    labels = [say(study, "cocks"), say(study, "gallinazo")]
    judge(study)
    assert not any(again(label).quarantined for label in labels)


def test_gibberish_is_free_once_somebody_confirms_it(study: Study) -> None:
    first = say(study, "zorvok")
    judge(study)
    assert again(first).quarantined
    say(study, "zorvok")
    judge(study)
    assert not again(first).quarantined
    assert again(first).reasons == ["gibberish"], "it was held for that"


def test_held_labels_give_their_place_back_and_released_ones_take_it_again(study: Study) -> None:
    label = say(study, "asdkjhq")
    before = list(Region.objects.order_by("pk").values_list("reserved", flat=True))
    judge(study)
    assert Region.objects.get(pk=label.region_id).reserved == 0
    assert not Round.objects.get(pk=label.round_id).holds_place
    labels_release(labels=Label.objects.filter(pk=label.pk))
    assert list(Region.objects.order_by("pk").values_list("reserved", flat=True)) == before
    assert Round.objects.get(pk=label.round_id).holds_place


def test_a_round_with_one_good_label_keeps_its_place(study: Study) -> None:
    label = say(study, "asdkjhq", "long beak")
    judge(study)
    assert again(label).quarantined
    assert Region.objects.get(pk=label.region_id).reserved == 1


def test_a_released_place_that_is_taken_meanwhile_makes_surplus(study: Study) -> None:
    label = say(study, "asdkjhq")
    judge(study)
    Region.objects.filter(pk=label.region_id).update(capacity=1)
    say(study, "long beak")
    labels_release(labels=Label.objects.filter(pk=label.pk))
    assert Region.objects.get(pk=label.region_id).reserved == 1
    assert not Round.objects.get(pk=label.round_id).holds_place


def test_points_of_held_agreements_are_taken_back_and_given_again(study: Study) -> None:
    first, second = say(study, "shitty beak"), say(study, "shitty beak")
    assert points() > 0
    judge(study)
    assert again(first).quarantined
    assert again(second).quarantined
    assert points() == 0
    labels_release(labels=Label.objects.all())
    assert points() > 0


def points() -> int:
    """What agreements have earned, corrections included."""
    players = Player.objects.all()
    return sum(
        entry.points for player in players for entry in player.ledger.exclude(kind__in=["guess", "streak"])
    )


def test_whoever_is_believed_otherwise_has_their_classes_explained_anew_once(study: Study) -> None:
    say(study, "long beak")
    judge(study)
    labels = Job.objects.get(kind=JobKind.EXPLANATIONS).generation
    generation = Job.objects.get(kind=JobKind.CLASSES, subject=1).generation
    Conduct.objects.update(trust=0.2)
    judge(study)
    assert Conduct.objects.get().trust != 0.2
    assert Job.objects.get(kind=JobKind.CLASSES).generation == generation + 1
    judge(study)
    assert Job.objects.get(kind=JobKind.CLASSES).generation == generation + 1, "nothing new"
    Conduct.objects.update(trust=F("trust") + 0.001)
    judge(study)
    assert Job.objects.get(kind=JobKind.CLASSES).generation == generation + 1, "a breath"
    assert Job.objects.get(kind=JobKind.EXPLANATIONS).generation == labels, "nobody waits for a regrouping"


def test_trust_counts_in_steps() -> None:
    assert [believed(one) for one in (None, 1.0, 0.974, 0.51, 0.0249, 0.0)] == [1, 1, 0.95, 0.5, 0, 0]


def test_classes_of_labels_that_moved_are_explained_anew(study: Study) -> None:
    label = say(study, "asdkjhq")
    say(study, "long beak")
    Job.objects.all().delete()
    judge(study)
    assert Job.objects.get(kind=JobKind.EXPLANATIONS).subject == 1
    Job.objects.all().delete()
    judge(study)
    assert not Job.objects.filter(kind=JobKind.EXPLANATIONS).exists(), "nothing moved"
    labels_release(labels=Label.objects.filter(pk=label.pk))
    assert Job.objects.filter(kind=JobKind.EXPLANATIONS).exists()


def test_what_a_researcher_released_is_not_held_again(study: Study) -> None:
    label = say(study, "asdkjhq")
    judge(study)
    labels_release(labels=Label.objects.all())
    judge(study)
    assert not again(label).quarantined


def test_what_a_researcher_holds_stays_held(study: Study) -> None:
    label = say(study, "long beak")
    labels_quarantine(labels=Label.objects.all())
    judge(study)
    assert again(label).quarantined
    assert again(label).reasons == ["researcher"]


def test_a_trusted_players_labels_are_not_held(study: Study) -> None:
    label = say(study, "asdkjhq")
    judge(study)
    assert players_release(conducts=Conduct.objects.all()) == 1
    judge(study)
    assert not again(label).quarantined


def test_what_is_released_is_held_with_its_player_all_the_same(study: Study) -> None:
    label = say(study, "asdkjhq")
    judge(study)
    labels_release(labels=Label.objects.all())
    assert players_quarantine(conducts=Conduct.objects.all()) == 1
    assert again(label).quarantined
    labels_release(labels=Label.objects.all())
    judge(study)
    assert not again(label).quarantined, "the newest decision stands"


def test_what_a_researcher_holds_singly_is_not_released_with_its_player(study: Study) -> None:
    label = say(study, "long beak")
    judge(study)
    labels_quarantine(labels=Label.objects.all())
    assert players_release(conducts=Conduct.objects.all()) == 0
    assert again(label).quarantined


def test_released_labels_are_never_held_for_signals(study: Study) -> None:
    label = say(study, "long beak")
    labels_release(labels=Label.objects.all())
    with transaction.atomic():
        assert labels_hold(label_ids=[label.pk], reasons=["gibberish"]) == []
    assert not again(label).quarantined


def test_a_label_held_while_its_study_is_judged_is_not_freed(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = say(study, "zorvok")
    judge(study)
    say(study, "zorvok")

    def researcher_holds(*, study_id: int) -> None:
        Label.objects.filter(pk=label.pk).update(reasons=["researcher"])

    monkeypatch.setattr("labeling.services.quality.quarantine_lock", researcher_holds)
    judge(study)
    assert again(label).quarantined


def test_all_that_a_quarantined_player_says_later_is_held(study: Study) -> None:
    make_image(study, layers=1, regions=1)
    player = make_player(study)
    say(study, "long beak", player=player)
    judge(study)
    players_quarantine(conducts=Conduct.objects.filter(player=player))
    later = say(study, "red feathers", player=player)
    judge(study)
    assert again(later).quarantined
    assert again(later).reasons == ["player: researcher"]
    assert Conduct.objects.get().quarantined


def test_a_decision_taken_while_the_study_is_judged_stands(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = say(study, "asdkjhq")
    judge(study)
    labels_release(labels=Label.objects.all())
    Label.objects.update(released=False)
    held_meanwhile = say(study, "long beak")

    def researcher_acts(*, study_id: int) -> None:
        Label.objects.filter(pk=label.pk).update(released=True)
        Label.objects.filter(pk=held_meanwhile.pk).update(quarantined=True, reasons=["researcher"])

    monkeypatch.setattr("labeling.services.quality.quarantine_lock", researcher_acts)
    judge(study)
    assert not again(label).quarantined
    assert again(held_meanwhile).quarantined


def test_a_verdict_given_while_the_study_is_judged_stands(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = say(study, "asdkjhq")
    judge(study)
    Label.objects.update(quarantined=False)

    def researcher_trusts(*, study_id: int) -> None:
        Conduct.objects.update(verdict=Verdict.TRUSTED)

    monkeypatch.setattr("labeling.services.quality.quarantine_lock", researcher_trusts)
    judge(study)
    assert not again(label).quarantined


def test_new_labels_are_judged_once(study: Study) -> None:
    say(study, "long beak")
    assert quality_request_due() == 1
    tasks.quality_judge(study.pk)
    assert quality_request_due() == 0
    say(study, "red beak")
    assert quality_request_due() == 1
    assert Study.objects.get(pk=study.pk).labels_judged < Label.objects.latest("pk").pk


def test_the_sweep_asks_for_it(study: Study) -> None:
    say(study, "long beak")
    tasks.sweep()
    assert Job.objects.get(kind=JobKind.QUALITY).state == JobState.QUEUED


def test_a_large_study_rests_between_two_judgements(study: Study) -> None:
    say(study, "long beak")
    judge(study)
    say(study, "red beak")
    Study.objects.update(words_total=1_000_000)
    assert quality_request_due() == 0
    Job.objects.filter(kind=JobKind.QUALITY).update(finished_at=timezone.now() - timedelta(seconds=201))
    assert quality_request_due() == 1


def test_what_is_asked_for_is_not_asked_for_again(study: Study) -> None:
    say(study, "long beak")
    assert quality_request_due() == 1
    asked = list(Job.objects.order_by("pk").values())
    assert quality_request_due() == 0
    assert list(Job.objects.order_by("pk").values()) == asked
    Job.objects.filter(kind=JobKind.QUALITY).update(state=JobState.RUNNING)
    assert quality_request_due() == 0


def test_what_failed_is_not_tried_again_at_once(study: Study) -> None:
    say(study, "long beak")
    quality_request_due()
    Job.objects.filter(kind=JobKind.QUALITY).update(state=JobState.FAILED, finished_at=timezone.now())
    assert quality_request_due() == 0
    long_ago = timezone.now() - timedelta(minutes=11)
    Job.objects.filter(kind=JobKind.QUALITY).update(finished_at=long_ago)
    assert quality_request_due() == 1


def test_a_study_without_new_labels_is_not_searched_again(study: Study) -> None:
    other = make_study(rounds_per_game=1)
    newest = say(study, "long beak")
    quality_request_due()
    assert Study.objects.get(pk=other.pk).labels_judged == 0, "a slow transaction may still write one"
    Label.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    quality_request_due()
    assert Study.objects.get(pk=other.pk).labels_judged == newest.pk
    assert Study.objects.get(pk=study.pk).labels_judged == 0


def test_a_lost_claim_writes_nothing(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    label = say(study, "asdkjhq")
    jobs_request(study_id=study.pk, kind=JobKind.QUALITY, subjects=[0])
    monkeypatch.setattr("labeling.services.quality.job_finish", lambda claim: False)
    with transaction.atomic():
        quality_work(study_id=study.pk, seconds=30)
    assert not again(label).quarantined
    assert not Conduct.objects.exists()
