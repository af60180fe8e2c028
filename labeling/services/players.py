import secrets

from django.db import transaction

from labeling.models import Consent, Player, Study

MANNERS = (
    "Bright Calm Curious Daring Eager Gentle Happy Keen Lively Lucky Merry Nimble Patient Quick Quiet Sharp "
    "Silver Sunny Swift Wise"
).split()
ANIMALS = (
    "Badger Beaver Crane Dolphin Falcon Finch Fox Gecko Heron Ibex Lynx Magpie Marten Newt Otter Puffin Raven "
    "Seal Swallow Wren"
).split()


def guest_create(*, language: str) -> Player:
    nickname = f"{secrets.choice(MANNERS)} {secrets.choice(ANIMALS)}"
    return Player.objects.create(nickname=nickname, language=language)


@transaction.atomic
def consent_give(*, player: Player, study: Study, version: int) -> None:
    """Record consent to `version`, once, however often the form arrives."""
    Consent.objects.get_or_create(player=player, study=study, version=version)
