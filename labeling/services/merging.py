"""A guest becomes part of an account's player. Expects the caller's transaction.

Where both did what one person does once, the account's stays and the guest's is left with the guest, who has
no name any more: regions that both described, reports of one picture, consents to one text, badges.
"""

from django.utils import timezone

from labeling.models import Badge, Conduct, Consent, Game, Label, LedgerEntry, Player, Report, Round, Study
from labeling.models.conduct import Verdict
from labeling.models.game import RoundState
from labeling.models.job import JobKind
from labeling.reasons import SAME_PERSON
from labeling.selectors.own_data import studies_of_player
from labeling.services.apart import games_lock, rounds_set_apart
from labeling.services.erasing import rounds_erase
from labeling.services.handing_over import entries_hand_over
from labeling.services.holding import labels_hold, labels_moved, quarantine_lock
from labeling.services.jobs import jobs_request
from labeling.services.quarantine import players_quarantine

WHOLE_STUDY = 0


def guest_merge(*, guest: Player, into: Player) -> bool:
    """Nothing happens where the guest is no guest any more, or is taken over by another account."""
    if not Player.objects.filter(pk=guest.pk, user=None, merged_into=None).exclude(pk=into.pk).exists():
        return False
    studies = list(studies_of_player(guest))
    for study in studies:
        quarantine_lock(study_id=study.pk)
    games_lock(Game.objects.filter(player__in=[guest, into]))
    _open_twice_erase(guest, into)
    _games_move(guest, into)
    _points_move(guest, into)
    _facts_move(guest, into)
    for study in studies:
        _conduct_move(guest, into, study)
        _held_for_same_person(guest, study)
        jobs_request(study_id=study.pk, kind=JobKind.QUALITY, subjects=[WHOLE_STUDY])
    return _retire(guest, into)


def _open_twice_erase(guest: Player, into: Player) -> None:
    """An open round at a region that the other one has described too is no use: its place is free again."""
    for one, other in ((guest, into), (into, guest)):
        had = Round.objects.filter(player=other).values("region")
        rounds_erase(Round.objects.filter(player=one, state=RoundState.OPEN, region__in=had))


def _games_move(guest: Player, into: Player) -> None:
    """The account's unfinished game of a study ends where the guest has one: that is being played now."""
    games = list(Game.objects.filter(player=guest).values_list("pk", flat=True))
    had = Round.objects.filter(player=into).values("region")
    rounds_set_apart(rounds=Round.objects.filter(player=guest, region__in=had), player=guest)
    playing = Game.objects.filter(pk__in=games, finished_at=None).values("study")
    Game.objects.filter(player=into, finished_at=None, study__in=playing).update(finished_at=timezone.now())
    Game.objects.filter(pk__in=games).update(player=into)
    Round.objects.filter(game__in=games).update(player=into)


def _points_move(guest: Player, into: Player) -> None:
    """What rounds have earned that stay with the guest stays too."""
    entries = LedgerEntry.objects.filter(player=guest).exclude(round__player=guest)
    entries_hand_over(entries=entries, giver=guest, to=into)
    LedgerEntry.objects.filter(other=guest).exclude(by__round__player=guest).update(other=into)


def _facts_move(guest: Player, into: Player) -> None:
    badges = Badge.objects.filter(player=into).values("kind")
    Badge.objects.filter(player=guest).exclude(kind__in=badges).update(player=into)
    reported = Report.objects.filter(player=into).values("image")
    Report.objects.filter(player=guest).exclude(image__in=reported).update(player=into)
    agreed = set(Consent.objects.filter(player=into).values_list("study", "version"))
    for consent in Consent.objects.filter(player=guest):
        if (consent.study_id, consent.version) not in agreed:
            Consent.objects.filter(pk=consent.pk).update(player=into)


def _conduct_move(guest: Player, into: Player, study: Study) -> None:
    """What a researcher holds stays held: nobody gets rid of it by signing in."""
    theirs = Conduct.objects.filter(player=guest, study=study).first()
    if theirs is None:
        return
    own = Conduct.objects.filter(player=into, study=study)
    if not own.exists():
        Conduct.objects.filter(pk=theirs.pk).update(player=into)
    elif theirs.verdict == Verdict.QUARANTINED:
        players_quarantine(conducts=own.exclude(verdict=Verdict.QUARANTINED))


def _held_for_same_person(guest: Player, study: Study) -> None:
    """What one person says of a region a second time confirms nothing."""
    labels = Label.objects.filter(round__player=guest, round__game__study=study)
    held = labels_hold(label_ids=labels.order_by("pk").values_list("pk", flat=True), reasons=[SAME_PERSON])
    labels_moved(study_id=study.pk, label_ids=held)


def _retire(guest: Player, into: Player) -> bool:
    guest.refresh_from_db()
    into.refresh_from_db()
    if not Player.objects.filter(pk=guest.pk, user=None, merged_into=None).update(
        merged_into=into, nickname="", named=False
    ):
        return False
    latest = max((guest, into), key=lambda player: (str(player.streak_on or ""), player.streak_days))
    into.streak_on, into.streak_days = latest.streak_on, latest.streak_days
    into.told_up_to = max(guest.told_up_to, into.told_up_to)
    into.created_at = min(guest.created_at, into.created_at)
    if guest.named and not into.named:
        into.nickname, into.named = guest.nickname, True
    into.save()
    return True
