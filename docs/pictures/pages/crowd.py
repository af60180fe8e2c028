"""Simulated players for a demo whose pages are to be looked at. Never use it on a study that matters.

    GLIMPSE_VAR=... python docs/pictures/pages/crowd.py [PLAYERS]

They see no picture: their words are drawn from `words.csv` by the true class of the photograph,
the first ones more often.
"""

from __future__ import annotations

import csv
import os
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from labeling.models import Player, Study

ROOT = Path(__file__).resolve().parents[3]
GAMES = 6


def main(players: int) -> None:
    from labeling.models import Study
    from labeling.services.demo import SLUG
    from labeling.services.explanations import explanations_work
    from labeling.services.players import consent_give, guest_create
    from labeling.services.words import words_count

    study = Study.objects.select_related("network").get(slug=SLUG)
    with (Path(__file__).parent / "words.csv").open(newline="", encoding="utf-8") as file:
        words = {row["class"]: row["words"].split(";") for row in csv.DictReader(file)}
    dice = random.Random(0)
    for number in range(players):
        player = guest_create(language="en")
        consent_give(player=player, study=study, version=study.consent_version)
        play(player, study, words, dice)
        if number % 10 == 9:
            words_count(study=study)
            explanations_work(study_id=study.pk, seconds=600)
    explanations_work(study_id=study.pk, seconds=600)
    print(f"{players} simulated players have played up to {GAMES} games each.")


def play(player: Player, study: Study, words: dict[str, list[str]], dice: random.Random) -> None:
    from labeling.services.answers import Answer, round_answer
    from labeling.services.rounds import game_start, round_next

    for _ in range(GAMES):
        game = game_start(player=player, study=study)
        while round_ := round_next(game=game):
            known = words.get(round_.image.class_name, ["stone", "fur"])
            weights = [1 / (position + 1) for position in range(len(known))]
            said = dict.fromkeys(dice.choices(known, weights, k=dice.choice([1, 2, 2, 3])))
            right = dice.random() < 0.6
            guess = round_.image.answer_class if right else dice.choice(round_.options)[0]
            round_answer(round_=round_, answer=Answer(tuple(said), guess, seconds=dice.uniform(6, 30)))


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glimpse.settings")
    os.environ.setdefault("GLIMPSE_DEBUG", "true")
    django.setup()
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
