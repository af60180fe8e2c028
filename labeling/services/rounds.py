"""Which region a player sees next, and how long the place at it is kept."""

import random
from contextlib import suppress
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from analysis.regions.reveals import REVEAL_SHARES
from labeling.models import Game, Player, Region, Round, Study
from labeling.models.game import RoundState
from labeling.selectors.regions import Candidate, candidates, gold_candidates
from labeling.services.badges import badges_award
from labeling.services.options import options_shown

TRIES = 20
LAST_LEVEL = len(REVEAL_SHARES) - 1
LEAST = 1e-6  # so that what is not wanted much is still drawn when there is nothing else


def game_start(*, player: Player, study: Study) -> Game:
    """The player's unfinished game in this study, which a second tab joins, or a new one."""
    for _ in range(TRIES):
        # Refused where a second tab's game began, and ended before it could be fetched: then try again.
        with suppress(IntegrityError):
            return Game.objects.get_or_create(player=player, study=study, finished_at=None)[0]
    raise RuntimeError(f"{player} has a game that neither is there nor can be begun.")


@transaction.atomic
def game_finish(*, game: Game) -> None:
    """End the game, once, and give the badges that the player has earned."""
    if Game.objects.filter(pk=game.pk, finished_at=None).update(finished_at=timezone.now()):
        badges_award(player=game.player, game=game)


def round_next(*, game: Game) -> Round | None:
    """The open round of the game, or a newly leased one; None when the game or the study has no more.

    A place at a region is taken by one statement that succeeds only below the region's capacity, in the
    transaction that creates the round; the database's constraints refuse a second round for the player.
    """
    for _ in range(TRIES):
        rounds = list(game.rounds.order_by("number").values_list("pk", "state", "image_id"))
        if any(state == RoundState.OPEN for _, state, _ in rounds):
            if open_round := game.rounds.filter(state=RoundState.OPEN).first():
                return open_round
            continue  # A second tab has just ended it.
        if len(rounds) >= game.study.rounds_per_game:
            return None
        found = _found(game, [image for _, _, image in rounds])
        if not found:
            if leases_expire(study=game.study):
                continue
            return None
        try:
            if leased := _lease(game, len(rounds) + 1, _draw(found)):
                return leased
        except IntegrityError:
            continue  # A second tab was faster: the loop finds its round.
    return None


def _found(game: Game, images_had: list[int]) -> list[Candidate]:
    """Now and then settled regions, which calibrate the player; else what wants players. A study in which
    nothing wants any more is not gone on with for gold alone."""
    wanted = candidates(game, images_had)
    if wanted and random.random() < game.study.gold_share:
        return gold_candidates(game) or wanted
    return wanted


def _draw(found: list[Candidate]) -> Candidate:
    """A random candidate, each as likely as its priority says, so that players spread over regions."""
    return random.choices(found, weights=[candidate.priority + LEAST for candidate in found])[0]


def _lease(game: Game, number: int, candidate: Candidate) -> Round | None:
    with transaction.atomic():
        # The round first, then the region, as answers take them: another tab may be answering there.
        round_ = Round.objects.create(
            game=game,
            number=number,
            player_id=game.player_id,
            image_id=candidate.image_id,
            region_id=candidate.region_id,
            familiar=candidate.familiar,
            gold=candidate.gold,
            holds_place=not candidate.gold,
            options=options_shown(game.study, candidate.options, game.player.language),
            leased_until=timezone.now() + timedelta(seconds=game.study.lease_seconds),
        )
        if candidate.gold or place_take(candidate.region_id):
            return round_
        transaction.set_rollback(True)
    return None


def place_take(region_id: int) -> bool:
    """Take one of the region's places, in one statement. False where all are taken or none is needed."""
    free = Region.objects.filter(pk=region_id, reserved__lt=F("capacity"), retired_at=None)
    return bool(free.update(reserved=F("reserved") + 1))


def place_release(region_id: int) -> None:
    Region.objects.filter(pk=region_id).update(reserved=F("reserved") - 1)


def leases_expire(*, study: Study | None = None) -> int:
    """Give back the places of open rounds whose lease has run out. The rounds stay open: late work counts."""
    late = Round.objects.filter(state=RoundState.OPEN, holds_place=True, leased_until__lt=timezone.now())
    if study is not None:
        late = late.filter(region__study=study)
    expired = 0
    for round_id, region_id in late.values_list("pk", "region_id"):
        with transaction.atomic():
            if late.filter(pk=round_id).update(holds_place=False):
                place_release(region_id)
                expired += 1
    return expired


def round_show_more(*, round_: Round, to_level: int) -> Round:
    """Climb to `to_level` if it is the next one; a repeated request changes nothing."""
    Round.objects.filter(
        pk=round_.pk, state=RoundState.OPEN, level=to_level - 1, level__lt=LAST_LEVEL
    ).update(level=to_level)
    round_.refresh_from_db(fields=["level", "state"])
    return round_
