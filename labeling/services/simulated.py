"""Simulated players of the demo: they play by the game's rules, are marked, and can be taken away again."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from analysis.labels.entry import EntryError, check_entry
from analysis.regions.archive import unpack_map
from labeling.demo.characters import Character, cast, says, thinks
from labeling.demo.sights import Sight, centre, concepts, fitness, sights
from labeling.models import Player, Region, Round, Study
from labeling.models.game import SkipReason
from labeling.models.job import JobKind
from labeling.models.study import Withdrawal
from labeling.services.answers import Answer, round_answer, round_skip
from labeling.services.jobs import jobs_request
from labeling.services.players import consent_give, guest_create
from labeling.services.rounds import LAST_LEVEL, game_start, round_next, round_show_more
from labeling.services.withdrawal import WHOLE_STUDY, study_withdraw
from labeling.services.words import words_count

ITALIAN = 0.3
"""Share of players who type Italian."""
TRIES = 8
WORK_SECONDS = 600


class NothingKnownError(ValueError):
    """The study has no photograph that simulated players have words for."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """A player, and how they play."""

    player: Player
    character: Character


Seen = list[tuple[Sight, float]]
"""The sights of a region's photograph, and how likely each comes to mind."""


@dataclass(frozen=True, slots=True)
class Play:
    """What all of a crowd share: a study, dice, and what was found out about regions."""

    study: Study
    dice: random.Random
    known: dict[int, Seen] = field(default_factory=dict)

    def seen(self, region_id: int) -> Seen:
        """[] where nothing is known of the photograph."""
        if region_id not in self.known:
            self.known[region_id] = _seen(region_id)
        return self.known[region_id]


def simulated_play(*, study: Study, players: int, rounds: int, seed: int, work: bool = True) -> int:
    """Let so many new simulated players play so many rounds each, one game after the other. Returns how many
    rounds were played; there may be fewer where the study has no more.

    What players are like and what they say follows from the seed; which regions they see is the game's draw.

    Args:
        work: also count, judge, group and explain what was said, after every game, as workers would, and at
            the end the classes. Concept tests, which need the network, are left to workers.

    Raises:
        NothingKnownError: words are known only for the demo's photographs.
    """
    if not study.images.filter(name__in=sights()).exists():
        raise NothingKnownError("Simulated players have words for the demo's photographs only.")
    play = Play(study, dice := random.Random(seed))
    crowd = simulated_create(study=study, characters=cast(players), dice=dice)
    left = dict.fromkeys(range(len(crowd)), rounds)
    played = 0
    while left:
        for index in dice.sample(sorted(left), len(left)):
            done = _play_game(crowd[index], play, left[index])
            played += done
            left[index] -= done
            if not done or not left[index]:
                del left[index]
        if work:
            _work(study)
    if work:
        _work_on_classes(study)
    return played


@transaction.atomic
def simulated_create(
    *, study: Study, characters: Sequence[Character], dice: random.Random
) -> list[Simulated]:
    """New players who have agreed to the study's text, with a nickname that says what they are."""
    crowd = []
    for character in characters:
        player = guest_create(language="it" if dice.random() < ITALIAN else "en")
        player.simulated, player.nickname = True, f"Simulated {player.pk}"
        player.save(update_fields=["simulated", "nickname"])
        consent_give(player=player, study=study, version=study.consent_version)
        crowd.append(Simulated(player, character))
    return crowd


def simulated_remove(*, study: Study, work: bool = True) -> int:
    """Take away all simulated players of a study with everything that they gave, whatever the study does with
    words of people who withdraw. Returns how many they were.

    Points that people were paid for agreeing with them stay with these people.
    """
    found = Player.objects.filter(simulated=True, consents__study=study).distinct().order_by("pk")
    for player in (own := list(found)):
        with transaction.atomic():
            study_withdraw(player=player, study=study, way=Withdrawal.DELETE)
            if not player.consents.exists():
                player.delete()
    if work:
        _work(study)
        _work_on_classes(study)
    return len(own)


def _play_game(one: Simulated, play: Play, most: int) -> int:
    """Rounds played, at most as many as asked for."""
    game = game_start(player=one.player, study=play.study)
    played = 0
    while played < most and (round_ := round_next(game=game)):
        _play_round(one, play, round_)
        played += 1
    return played


def _play_round(one: Simulated, play: Play, round_: Round) -> None:
    while round_.level < LAST_LEVEL and play.dice.random() < one.character.patience:
        round_ = round_show_more(round_=round_, to_level=round_.level + 1)
    labels = tuple(_accepted(one, play, round_))
    if not labels:
        round_skip(round_=round_, reason=SkipReason.NOTHING)
        return
    seconds = thinks(play.dice, one.character, labels, round_.level)
    # An answer is believed to have taken no longer than the round is old.
    round_.created_at -= timedelta(seconds=seconds)
    Round.objects.filter(pk=round_.pk).update(created_at=round_.created_at)
    round_answer(round_=round_, answer=Answer(labels, _guess(one, round_, play.dice), seconds))


def _accepted(one: Simulated, play: Play, round_: Round) -> Iterator[str]:
    """Labels that the game takes, of what comes to the player's mind: none where nothing does."""
    seen = play.seen(round_.region_id)
    names = [name for _, name in round_.options]
    language = one.player.language
    given: set[str] = set()
    for _ in range(TRIES if seen else 0):
        for text in says(play.dice, one.character, language, seen, list(concepts().values())):
            try:
                check_entry(text, names, language=language)
            except EntryError:
                continue
            given.add(text)
            yield text
        if given:
            return


def _seen(region_id: int) -> Seen:
    region = Region.objects.select_related("image").get(pk=region_id)
    deepest = region.image.regions.filter(revision=region.revision).aggregate(Max("depth"))["depth__max"]
    with region.image.maps.open("rb") as file:
        place = centre(unpack_map(file.read(), region.layer, region.index))
    depth = region.depth / deepest if deepest else 1.0
    return [(sight, fitness(sight, depth, place)) for sight in sights().get(region.image.name, ())]


def _guess(one: Simulated, round_: Round, dice: random.Random) -> int | None:
    """More is guessed right where more was seen; of wrong guesses a third is "I can't tell"."""
    knows = min(0.95, one.character.knows + 0.08 * round_.level)
    if dice.random() < knows:
        return round_.image.answer_class
    return None if dice.random() < 1 / 3 else int(dice.choice(round_.options)[0])


def _work(study: Study) -> None:
    """What workers do with new labels. They may be doing it already: a job is done once."""
    from labeling.services.explanations import explanations_work
    from labeling.services.quality import quality_work

    words_count(study=study)
    jobs_request(study_id=study.pk, kind=JobKind.QUALITY, subjects=[WHOLE_STUDY])
    quality_work(study_id=study.pk, seconds=WORK_SECONDS)
    explanations_work(study_id=study.pk, seconds=WORK_SECONDS)


def _work_on_classes(study: Study) -> None:
    from labeling.services.classes import classes_work
    from labeling.services.reliability import reliability_work

    classes_work(study_id=study.pk, seconds=WORK_SECONDS, at_once=True)
    reliability_work(study_id=study.pk, seconds=WORK_SECONDS, at_once=True)
