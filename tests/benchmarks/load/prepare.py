"""Fills an empty installation for the load, in a process with the site's settings."""

import json
from pathlib import Path

from django.core.management import call_command

from labeling.models import Player
from labeling.services.players import consent_give, guest_create
from tests.benchmarks.load.million_regions import Size, grow, play_one_game
from tests.benchmarks.load.photographs import add_photographs, make_study
from tests.benchmarks.load.words import WORDS
from tests.glimpse.visitors import cookie_of

TINY, DEMO, MILLION = "tiny", "demo", "million"  # 8, 40, 25,000 photographs
MANY = Size(images=25_000, players=100_000)
PHOTOGRAPHS = {TINY: 8, DEMO: 40, MILLION: 40}
REGIONS = {TINY: [4] * 9, DEMO: [8] * 9, MILLION: [4] * 5 + [5] * 4}  # by layer: 288, 2,880 and 1,000,000


def prepare(size: str, players: int, note: str) -> None:
    """Make study and players, and note what who plays needs to know."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    study = make_study("load", _class_names(size))
    add_photographs(study, PHOTOGRAPHS[size], REGIONS[size])
    guests = [guest_create(language="en") for _ in range(1 if size == MILLION else players)]
    for guest in guests:
        consent_give(player=guest, study=study, version=study.consent_version)
    if size == MILLION:
        play_one_game(study=study, player=guests[0])
        grow(study=study, template=guests[0], size=MANY)
    cookies = ["=".join(cookie_of(player)) for player in Player.objects.order_by("-pk")[:players]]
    known = {"study": study.slug, "rounds": study.rounds_per_game, "words": WORDS, "cookies": cookies}
    Path(note).write_text(json.dumps(known))


def _class_names(size: str) -> list[str]:
    if size == TINY:
        return [f"{letter}{letter}x" for letter in "abcdefghijklmnopqrst"]
    from analysis.networks.classes import IMAGENET  # loads PyTorch, which takes seconds

    return list(IMAGENET)
