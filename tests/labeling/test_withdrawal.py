"""What a withdrawal leaves, and what it does not."""

import json

import pytest
from django.contrib.auth.models import User

from labeling.models import (
    Conduct,
    Consent,
    Explanation,
    Game,
    Image,
    Job,
    Label,
    LedgerEntry,
    Player,
    Region,
    Report,
    Round,
    Standing,
    Study,
    Word,
)
from labeling.models.conduct import Verdict
from labeling.models.game import ReportReason
from labeling.models.job import JobKind
from labeling.models.study import Withdrawal
from labeling.services.accounts import account_claim
from labeling.services.answers import image_report
from labeling.services.withdrawal import player_delete, study_withdraw
from labeling.services.words import words_count
from tests.factories import make_image, make_player, make_round, make_study
from tests.glimpse.rows import all_rows
from tests.labeling.ledger import points_of
from tests.labeling.turns import RIGHT, answered, explain

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("withdrawal", Withdrawal)


def one_region_study(withdrawal: str = Withdrawal.ANONYMISE) -> Study:
    study = make_study(max_labellings=9, rounds_per_game=1)
    make_image(study, layers=1, regions=1)
    Study.objects.filter(pk=study.pk).update(withdrawal=withdrawal)
    study.refresh_from_db()
    return study


def region_of(study: Study) -> Region:
    return study.regions.get(sign="supports")


def with_everything(study: Study, player: Player) -> Round:
    """A round that agrees with another player's, and a row of each other kind."""
    round_ = answered(study, "red", player=player, guess=RIGHT)
    assert player.badges.exists()
    Conduct.objects.create(player=player, study=study, trust=0.5)
    image_report(image=round_.image, player=player, reason=ReportReason.BROKEN)
    LedgerEntry.objects.create(
        player=player,
        study=study,
        round=round_,
        kind="streak",
        points=5,
        key=f"streak/{player.pk}/2026-01-01",
    )
    Standing.objects.filter(player=player).update(points=points_of(player))
    return round_


def mentions(player_id: int) -> list[str]:
    """Rows of other kinds that lead to a player."""
    found = []
    for model, rows in all_rows().items():
        for row in rows:
            named = [
                name for name in ("player_id", "other_id", "merged_into_id") if row.get(name) == player_id
            ]
            what, *numbers = str(row["key"]).split("/") if model == "LedgerEntry" else [""]
            if str(player_id) in {"agree": numbers[-1:], "streak": numbers[:1]}.get(what, []):
                named.append("key")
            if named and model != "Player":
                found.append(f"{model} {row['id']}: {named}")
    return found


@BOTH
def test_nothing_in_the_study_leads_to_the_player(withdrawal: str) -> None:
    study, player = one_region_study(withdrawal), make_player()
    answered(study, "red")
    with_everything(study, player)
    answered(study, "red")
    assert mentions(player.pk)
    assert study_withdraw(player=player, study=study)
    assert mentions(player.pk) == []
    player.refresh_from_db()
    assert player.nickname == "Quiet Otter"
    assert not Consent.objects.filter(player=player).exists()


def test_anonymised_words_stay_with_somebody_new() -> None:
    study, player = one_region_study(), make_player()
    before = Round.objects.select_related("game").get(pk=with_everything(study, player).pk)
    region = region_of(study)
    study_withdraw(player=player, study=study)
    kept = Round.objects.get()
    nameless = kept.player
    assert (nameless.nickname, nameless.user, nameless.merged_into) == ("", None, None)
    assert nameless != player
    assert kept.game.player == nameless
    assert kept.game_id != before.game_id
    assert {kept.key, kept.game.key}.isdisjoint({before.key, before.game.key})
    assert kept.labels.get().raw == "red"
    assert (kept.created_at, kept.game.created_at) == (before.created_at, before.game.created_at)
    assert kept.game.finished_at is not None
    assert region_of(study).reserved == region.reserved == 1
    assert not Conduct.objects.exists()
    assert not Report.objects.exists()


def test_each_withdrawal_is_somebody_else() -> None:
    first, second = one_region_study(), one_region_study()
    player = make_player()
    for study in (first, second):
        answered(study, "red", player=player)
        study_withdraw(player=player, study=study)
    one, other = Round.objects.order_by("pk")
    assert one.player != other.player


def test_deleted_words_are_gone_and_their_place_is_free() -> None:
    study = one_region_study(Withdrawal.DELETE)
    other = answered(study, "red")
    mine = answered(study, "beak")
    assert (region_of(study).reserved, region_of(study).labellings) == (2, 2)
    study_withdraw(player=mine.player, study=study)
    assert Round.objects.get() == other
    assert Label.objects.get().raw == "red"
    assert (region_of(study).reserved, region_of(study).labellings) == (1, 1)
    assert Game.objects.get() == other.game


@BOTH
def test_others_keep_their_points(withdrawal: str) -> None:
    study = one_region_study(withdrawal)
    others = [answered(study, "red", guess=RIGHT)]
    mine = answered(study, "red")
    others.append(answered(study, "red"))
    before = [points_of(round_.player) for round_ in others]
    assert min(before) > 0
    study_withdraw(player=mine.player, study=study)
    assert [points_of(round_.player) for round_ in others] == before
    assert [round_.labels.get().confirmed for round_ in others] == [2, 2]


def test_an_anonymised_agreement_is_not_paid_a_second_time() -> None:
    study = one_region_study()
    answered(study, "red")
    mine = answered(study, "red")
    study_withdraw(player=mine.player, study=study)
    entries = LedgerEntry.objects.count()
    explain(study)
    assert LedgerEntry.objects.count() == entries
    assert list(Label.objects.values_list("confirmed", flat=True)) == [1, 1]


@BOTH
def test_an_open_round_gives_its_place_back(withdrawal: str) -> None:
    study, player = one_region_study(withdrawal), make_player()
    make_round(study, player)
    assert region_of(study).reserved == 1
    study_withdraw(player=player, study=study)
    assert (region_of(study).reserved, region_of(study).labellings) == (0, 0)
    assert not Round.objects.exists()
    assert not Game.objects.exists()
    assert Player.objects.get() == player


@BOTH
def test_twice_is_once(withdrawal: str) -> None:
    study, player = one_region_study(withdrawal), make_player()
    with_everything(study, player)
    assert study_withdraw(player=player, study=study)
    before = all_rows()
    assert not study_withdraw(player=player, study=study)
    assert all_rows() == before


@BOTH
def test_other_studies_are_left_alone(withdrawal: str) -> None:
    study, kept = one_region_study(withdrawal), one_region_study()
    player = make_player(kept)
    answered(study, "red", player=player)
    round_ = answered(kept, "beak", player=player, guess=RIGHT)
    Player.objects.filter(pk=player.pk).update(streak_days=4)
    study_withdraw(player=player, study=study)
    assert Round.objects.get(player=player) == round_
    assert points_of(player) == player.standings.get().points == 100
    assert Consent.objects.get().study == kept
    player.refresh_from_db()
    assert player.streak_days == 4
    study_withdraw(player=player, study=kept)
    player.refresh_from_db()
    assert player.streak_days == 0


def test_deleting_has_classes_explained_anew_without_the_words() -> None:
    study = one_region_study(Withdrawal.DELETE)
    mine = answered(study, "tartan sporran")
    explain(study)
    assert "sporran" in json.dumps(all_rows(), default=str)
    words_count(study=study)
    study_withdraw(player=mine.player, study=study)
    assert not Explanation.objects.exists()
    assert Job.objects.get(kind=JobKind.EXPLANATIONS).state == "queued"
    study.refresh_from_db()
    assert (Word.objects.count(), study.words_total) == (0, 0)
    explain(study)
    assert "sporran" not in json.dumps(all_rows(), default=str)


def test_words_that_others_say_too_stay_counted() -> None:
    study = one_region_study(Withdrawal.DELETE)
    make_image(study, layers=1, regions=1)
    answered(study, "red")
    mine = answered(study, "red", "beak")
    words_count(study=study)
    answered(study, "red", player=mine.player)  # not counted yet
    study_withdraw(player=mine.player, study=study)
    assert dict(Word.objects.values_list("text", "labels")) == {"red": 1}


def test_a_region_that_nobody_describes_any_more_is_played_again() -> None:
    study = one_region_study(Withdrawal.DELETE)
    mine = answered(study, "red")
    Region.objects.filter(pk=mine.region_id).update(
        settled=["red"], gold=True, retired_at="2026-01-01T00:00Z"
    )
    study_withdraw(player=mine.player, study=study)
    region = region_of(study)
    assert (region.settled, region.gold, region.retired_at) == ([], False, None)


def test_a_held_answer_counts_down_what_it_had_counted() -> None:
    from labeling.services.quarantine import labels_quarantine

    study = one_region_study(Withdrawal.DELETE)
    mine = answered(study, "red")
    labels_quarantine(labels=Label.objects.all())
    assert (region_of(study).reserved, region_of(study).labellings) == (0, 1)
    study_withdraw(player=mine.player, study=study)
    assert (region_of(study).reserved, region_of(study).labellings) == (0, 0)


def test_what_a_researcher_decided_stays_with_anonymised_work() -> None:
    study = one_region_study()
    mine = answered(study, "red")
    Conduct.objects.create(
        study=study, player=mine.player, verdict=Verdict.QUARANTINED, quarantined=True, signals={"speed": {}}
    )
    study_withdraw(player=mine.player, study=study)
    conduct = Conduct.objects.get()
    assert (conduct.player.nickname, conduct.verdict, conduct.signals) == ("", Verdict.QUARANTINED, {})


def test_what_an_account_took_over_goes_too() -> None:
    study, user = one_region_study(), User.objects.create_user("ada")
    own = make_player()
    Player.objects.filter(pk=own.pk).update(user=user)
    answered(study, "red", player=own)
    guest = answered(study, "red").player  # the same region: stays with the guest
    account_claim(user_id=user.pk, guest=guest, language="en")
    study_withdraw(player=own, study=study)
    assert mentions(own.pk) == mentions(guest.pk) == []
    assert not Round.objects.filter(player=guest).exists()


@BOTH
def test_deleting_everything_leaves_neither_player_nor_account(withdrawal: str) -> None:
    study, user = one_region_study(withdrawal), User.objects.create_user("ada", "ada@example.org")
    player = make_player()
    Player.objects.filter(pk=player.pk).update(user=user)
    with_everything(study, player)
    make_round(one_region_study(withdrawal), player)
    player.refresh_from_db()
    player_delete(player=player)
    assert not User.objects.exists()
    assert not Player.objects.exclude(nickname="").exists()
    assert mentions(player.pk) == []
    assert Round.objects.count() == (withdrawal == Withdrawal.ANONYMISE)
    assert not Region.objects.filter(reserved__gt=Round.objects.count()).exists()
    player_delete(player=player)


def test_a_researchers_account_stays() -> None:
    user = User.objects.create_user("grace", is_staff=True)
    player = make_player()
    Player.objects.filter(pk=player.pk).update(user=user)
    player.refresh_from_db()
    player_delete(player=player)
    assert User.objects.get() == user
    assert not Player.objects.exists()


def test_a_photograph_without_labels_keeps_its_explanation() -> None:
    study = one_region_study(Withdrawal.DELETE)
    make_image(study, layers=1, regions=1)
    mine = answered(study, "red")
    spared = Image.objects.exclude(pk=mine.image_id).get()
    kept = Explanation.objects.create(image=spared, revision=1, result={}, manifest={})
    study_withdraw(player=mine.player, study=study)
    assert Explanation.objects.get() == kept
