"""A simulated crowd as rows of a study, as its answers would have left them."""

from datetime import timedelta

from django.utils import timezone

from analysis.labels.normal_form import normalise
from labeling.models import Game, Image, Label, Player, Region, Round, Study
from labeling.models.game import RoundState
from labeling.models.image import Sign
from tests.labeling.crowd import Simulated, Turn


def store(crowd: Simulated, study: Study) -> list[Player]:
    """The crowd's players, in its order."""
    players = Player.objects.bulk_create(Player(nickname=f"Player {n}") for n in range(len(crowd.kinds)))
    regions = _regions(crowd, study)
    now = timezone.now()
    games = Game.objects.bulk_create(
        Game(study=study, player=players[turn.player], finished_at=now) for turn in crowd.turns
    )
    rounds = Round.objects.bulk_create(
        Round(
            game=game,
            number=1,
            player=players[turn.player],
            image_id=regions[turn.spot.number].image_id,
            region=regions[turn.spot.number],
            options=[],
            state=RoundState.ANSWERED,
            leased_until=now + timedelta(minutes=5),
            seconds=turn.seconds,
            ended_at=now,
        )
        for game, turn in zip(games, crowd.turns, strict=True)
    )
    Label.objects.bulk_create(
        label for round_, turn in zip(rounds, crowd.turns, strict=True) for label in _labels(round_, turn)
    )
    return players


def _labels(round_: Round, turn: Turn) -> list[Label]:
    forms = {normalise(raw) or raw.casefold(): raw for raw in turn.labels}
    return [
        Label(round=round_, region_id=round_.region_id, raw=raw, text=text, language="en")
        for text, raw in forms.items()
    ]


def _regions(crowd: Simulated, study: Study) -> dict[int, Region]:
    """By spot, with as many places taken as it has turns."""
    spots = {turn.spot.number: turn.spot for turn in crowd.turns}
    taken = dict.fromkeys(spots, 0)
    for turn in crowd.turns:
        taken[turn.spot.number] += 1
    numbers = sorted({spot.photo for spot in spots.values()})
    images = Image.objects.bulk_create(
        Image(study=study, sha256=f"{number:064}", name=f"{number}.jpg", explained_class=number % 12)
        for number in numbers
    )
    image_of = dict(zip(numbers, images, strict=True))
    regions = Region.objects.bulk_create(
        Region(
            study=study, image=image_of[spot.photo], revision=1, layer="blocks.1", depth=0, index=number,
            sign=Sign.SUPPORTS, weight=0.5, map_indices=[], area=0.3, priority=1, capacity=5,
            reserved=taken[number], labellings=taken[number],
        )
        for number, spot in spots.items()
    )  # fmt: skip
    return dict(zip(spots, regions, strict=True))
