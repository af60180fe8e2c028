"""An account takes over a guest's history."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from labeling.models import Badge, Conduct, Consent, Game, Image, Player, Region, Report, Round, Study
from labeling.models.conduct import Verdict
from labeling.models.game import ReportReason, RoundState
from labeling.models.job import JobKind
from labeling.models.reward import BadgeKind, LedgerEntry
from labeling.reasons import SAME_PERSON
from labeling.services.accounts import account_claim
from labeling.services.answers import image_report
from labeling.services.players import consent_give
from labeling.services.rounds import game_start
from tests.factories import make_image, make_player, make_round, make_study
from tests.glimpse.rows import all_rows
from tests.labeling.ledger import points_of
from tests.labeling.turns import RIGHT, answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    """Three regions of three images."""
    study = make_study(max_labellings=9, rounds_per_game=3)
    for _ in range(3):
        make_image(study, layers=1, regions=1)
    return study


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ada", "ada@example.org")


def claim(user: User, guest: Player | None) -> Player:
    return account_claim(user_id=user.pk, guest=guest, language="it")


def with_account(study: Study, user: User) -> Player:
    return claim(user, make_player(study, nickname="Keen Wren"))


def one_region_study() -> Study:
    study = make_study(max_labellings=9, rounds_per_game=1)
    make_image(study, layers=1, regions=1)
    return study


def test_a_new_account_is_the_guest(study: Study, user: User) -> None:
    round_ = answered(study, "red", guess=RIGHT)
    assert claim(user, round_.player) == round_.player
    assert Player.objects.get().user == user
    assert points_of(round_.player) == 100


def test_an_account_without_a_guest_has_a_player_of_its_own(user: User) -> None:
    player = claim(user, None)
    assert (player.user, player.language) == (user, "it")
    assert player.nickname
    assert claim(user, None) == player
    assert Player.objects.count() == 1


def test_an_account_takes_over_all_that_a_guest_did(study: Study, user: User) -> None:
    own = with_account(study, user)
    answered(study, "red", player=own, guess=RIGHT)
    Region.objects.filter(rounds__player=own).update(capacity=1)  # so that the guest gets another one
    guest = answered(study, "long beak", guess=RIGHT, level=1).player
    Badge.objects.create(player=guest, kind=BadgeKind.FIRST_GLIMPSE)
    image_report(image=Image.objects.all()[0], player=guest, reason=ReportReason.BROKEN)
    assert claim(user, guest) == own
    assert Round.objects.filter(player=own, game__player=own).count() == 2
    assert points_of(own) == 100 + 85
    assert own.standings.get().points == 185
    assert own.badges.count() == own.reports.count() == own.consents.count() == 1
    guest.refresh_from_db()
    assert (guest.merged_into, guest.nickname, guest.user) == (own, "", None)
    assert not guest.rounds.exists()
    assert not guest.games.exists()
    assert not guest.standings.exists()


def test_claiming_twice_is_claiming_once(study: Study, user: User) -> None:
    own = with_account(study, user)
    answered(study, "red", player=own)
    guest = answered(study, "beak").player
    claim(user, guest)
    before = all_rows()
    assert claim(user, guest) == own
    assert all_rows() == before


def test_another_accounts_guest_is_left_alone(study: Study, user: User) -> None:
    theirs = answered(study, "red").player
    claim(User.objects.create_user("bob"), theirs)
    own = claim(user, theirs)
    assert own != theirs
    theirs.refresh_from_db()
    assert theirs.user != user
    assert theirs.rounds.count() == 1
    assert not own.rounds.exists()


def test_a_guest_whom_another_account_took_over_is_left_alone(study: Study, user: User) -> None:
    guest = answered(study, "red").player
    bob = User.objects.create_user("bob")
    own_of_bob = with_account(study, bob)
    claim(bob, guest)
    claim(user, guest)
    guest.refresh_from_db()
    assert guest.merged_into == own_of_bob


def test_a_region_that_both_described_stays_with_the_guest_and_confirms_nothing(user: User) -> None:
    study = one_region_study()
    own = with_account(study, user)
    mine = answered(study, "red", player=own, guess=RIGHT)
    third = answered(study, "red")
    theirs = answered(study, "red", guess=RIGHT)
    assert points_of(own) > 100
    claim(user, theirs.player)
    kept = Round.objects.get(pk=theirs.pk)
    assert kept.player == kept.game.player == theirs.player
    assert kept.key != theirs.key
    label = kept.labels.get()
    assert (label.quarantined, label.reasons, kept.holds_place) == (True, [SAME_PERSON], False)
    assert mine.labels.get().confirmed == third.labels.get().confirmed == 1
    assert points_of(theirs.player) == 100  # for the guess; what "red" had earned is taken back
    assert Region.objects.get(sign="supports").reserved == 2
    assert not LedgerEntry.objects.filter(player=own, other=own).exists()


def test_judging_does_not_free_what_one_person_said_twice(user: User) -> None:
    from labeling.services.jobs import jobs_request
    from labeling.services.quality import quality_work

    study = one_region_study()
    answered(study, "red", player=with_account(study, user))
    theirs = answered(study, "red")
    claim(user, theirs.player)
    jobs_request(study_id=study.pk, kind=JobKind.QUALITY, subjects=[0])
    assert not quality_work(study_id=study.pk, seconds=30)
    assert theirs.labels.get().quarantined


def test_an_open_round_that_the_other_one_had_gives_its_place_back(user: User) -> None:
    study = one_region_study()
    own = with_account(study, user)
    answered(study, "red", player=own)
    guest = make_player(study)
    make_round(study, guest)
    region = Region.objects.get(sign="supports")
    assert region.reserved == 2
    claim(user, guest)
    region.refresh_from_db()
    assert region.reserved == 1
    assert Round.objects.get().player == own


def test_an_open_round_of_the_account_gives_way_to_the_guests_answer(user: User) -> None:
    study = one_region_study()
    own = with_account(study, user)
    make_round(study, own)
    guest = answered(study, "red").player
    claim(user, guest)
    region = Region.objects.get(sign="supports")
    assert (region.reserved, region.labellings) == (1, 1)
    assert Round.objects.get().player == own
    assert Round.objects.get().state == RoundState.ANSWERED


def test_the_game_that_is_being_played_goes_on(study: Study, user: User) -> None:
    own = with_account(study, user)
    older = game_start(player=own, study=study)
    guest = make_player(study)
    playing = make_round(study, guest).game
    claim(user, guest)
    older.refresh_from_db()
    assert older.finished_at is not None
    assert game_start(player=own, study=study) == playing
    assert Game.objects.filter(player=own, finished_at=None).count() == 1


def test_what_a_researcher_holds_stays_held(study: Study, user: User) -> None:
    own = with_account(study, user)
    said = answered(study, "red", player=own)
    guest = answered(study, "beak").player
    Conduct.objects.create(study=study, player=own)
    Conduct.objects.create(study=study, player=guest, verdict=Verdict.QUARANTINED, quarantined=True)
    claim(user, guest)
    assert Conduct.objects.get(player=own).verdict == Verdict.QUARANTINED
    assert said.labels.get().quarantined


def test_consents_and_days_in_a_row_go_along(study: Study, user: User) -> None:
    other = make_study()
    own, guest = with_account(study, user), make_player(study)
    consent_give(player=guest, study=other, version=1)
    today = timezone.now().date()
    Player.objects.filter(pk=own.pk).update(streak_on=date(2020, 1, 1), streak_days=9, told_up_to=3)
    Player.objects.filter(pk=guest.pk).update(streak_on=today, streak_days=2, told_up_to=7)
    claim(user, guest)
    own.refresh_from_db()
    assert (own.streak_on, own.streak_days, own.told_up_to) == (today, 2, 7)
    assert own.created_at <= timezone.now() - timedelta(0)
    assert set(Consent.objects.filter(player=own).values_list("study", flat=True)) == {study.pk, other.pk}


def test_a_second_report_of_one_picture_stays_with_the_guest(study: Study, user: User) -> None:
    own, guest = with_account(study, user), make_player(study)
    image = Image.objects.all()[0]
    for player in (own, guest):
        image_report(image=image, player=player, reason=ReportReason.BROKEN)
    claim(user, guest)
    assert Report.objects.filter(player=own).count() == Report.objects.filter(player=guest).count() == 1


def test_a_chosen_nickname_beats_one_that_was_made_up(study: Study, user: User) -> None:
    own = with_account(study, user)
    guest = make_player(study)
    Player.objects.filter(pk=guest.pk).update(nickname="Zebra Fan", named=True)
    claim(user, guest)
    own.refresh_from_db()
    assert (own.nickname, own.named) == ("Zebra Fan", True)
