"""A player takes back what they gave: it stays without their name, or it goes, as the study says."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from labeling.models import Conduct, Consent, Game, LedgerEntry, Player, Report, Round, Study
from labeling.models.conduct import Verdict
from labeling.models.game import RoundState
from labeling.models.job import JobKind
from labeling.models.reward import EntryKind
from labeling.models.study import Withdrawal
from labeling.selectors.own_data import identities_of, studies_of_player
from labeling.services.apart import games_lock, rounds_set_apart
from labeling.services.erasing import rounds_erase
from labeling.services.handing_over import entries_delete, entries_hand_over
from labeling.services.holding import quarantine_lock
from labeling.services.jobs import jobs_request
from labeling.services.undisturbed import undisturbed

WHOLE_STUDY = 0


@undisturbed
def study_withdraw(*, player: Player, study: Study, way: Withdrawal | None = None) -> bool:
    """Leave nothing in the study that leads to the player. False where there was nothing; others keep their
    points. What becomes of the words the study says, unless `way` does."""
    if not studies_of_player(player).filter(pk=study.pk).exists():
        return False
    rules = quarantine_lock(study_id=study.pk)
    own = identities_of(player)
    games = games_lock(Game.objects.filter(player__in=own, study=study))
    for identity in own:
        rounds = Round.objects.filter(player=identity, game__in=games)
        over = rounds.exclude(state=RoundState.OPEN)
        nameless = None
        if (way or rules.withdrawal) == Withdrawal.ANONYMISE and over.exists():
            nameless = Player.objects.create(nickname="")
            rounds_set_apart(rounds=over, player=nameless)
        _rewards_forget(identity, study, nameless)
        _facts_forget(identity, study, nameless)
        rounds_erase(rounds)
    Game.objects.filter(pk__in=games).delete()
    jobs_request(study_id=study.pk, kind=JobKind.QUALITY, subjects=[WHOLE_STUDY])
    return True


def _rewards_forget(player: Player, study: Study, nameless: Player | None) -> None:
    """What stays is paid for still, to nobody that anybody knows; else it would be paid for once more.

    A day in a row is of a person, and so are badges: what is still earned comes back with the next game.
    """
    entries = LedgerEntry.objects.filter(study=study)
    if nameless is not None:
        of_rounds = entries.exclude(kind=EntryKind.STREAK).filter(round__player=nameless)
        entries_hand_over(entries=of_rounds, giver=player, to=nameless)
    entries_delete(player=player, study_id=study.pk)
    key = Concat(Value("withdrawn/"), Cast("pk", CharField()))  # it had the player's number
    entries.filter(other=player).update(other=nameless, key=key)
    player.badges.all().delete()
    if not player.rounds.exclude(game__study=study).exists():
        Player.objects.filter(pk=player.pk).update(streak_days=0, streak_on=None)


def _facts_forget(player: Player, study: Study, nameless: Player | None) -> None:
    """What a researcher decided about the work stays with the work."""
    conduct = Conduct.objects.filter(player=player, study=study)
    if nameless is not None:
        conduct.exclude(verdict=Verdict.NONE).update(player=nameless, signals={})
    conduct.delete()
    Consent.objects.filter(player=player, study=study).delete()
    Report.objects.filter(player=player, image__study=study).delete()


def player_delete(*, player: Player) -> None:
    """Withdraw from every study, then delete the player, and the account unless it is a researcher's.

    Each study is a transaction of its own: where one fails, asking again goes on from there.
    """
    for study in studies_of_player(player):
        study_withdraw(player=player, study=study)
    with transaction.atomic():
        for study in studies_of_player(player):  # played in meanwhile
            study_withdraw(player=player, study=study)
        Player.objects.filter(merged_into=player).delete()
        Player.objects.filter(pk=player.pk).delete()
        if player.user_id is not None:
            _user_delete(player.user_id)


def _user_delete(user_id: int) -> None:
    users = User.objects.filter(pk=user_id, is_staff=False, is_superuser=False, networks=None, studies=None)
    for user in users:
        user.delete()
