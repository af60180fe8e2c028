"""`manage.py simulate demo --players 40 --rounds 12 --seed 0`: fill the demo with simulated players."""

import random
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from labeling.models import Study
from labeling.services.simulated import NothingKnownError, simulated_play, simulated_remove


class Command(BaseCommand):
    help = "Let simulated players play the demo study, or take away all that they gave."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", help="slug: demo, or another study of the demo's photographs")
        parser.add_argument("--players", type=int, default=40)
        parser.add_argument("--rounds", type=int, default=12, help="of each player")
        parser.add_argument("--seed", type=int, default=0, help="what they are like, see and say")
        parser.add_argument("--remove", action="store_true", help="take all simulated players away")

    def handle(
        self, *, study: str, players: int, rounds: int, seed: int, remove: bool, **options: Any
    ) -> None:
        found = Study.objects.select_related("network").filter(slug=study).first()
        if found is None:
            slugs = ", ".join(Study.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no study {study!r}. Studies: {slugs}.")
        if remove:
            gone = simulated_remove(study=found)
            self.stdout.write(f"{gone} simulated players and all that they gave are gone.")
            return
        if players < 1 or rounds < 1:
            raise CommandError("It takes at least one player and one round.")
        random.seed(seed)  # the game draws regions from the process's own dice
        try:
            played = simulated_play(study=found, players=players, rounds=rounds, seed=seed)
        except NothingKnownError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{players} simulated players have played {played} rounds.")
