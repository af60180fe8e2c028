import secrets

from django.db import transaction

from labeling.models import Consent, Player, Study

MANNERS = "Bright Calm Curious Daring Eager Gentle Keen Lively Lucky Merry Nimble Quick Quiet Swift Wise"
ANIMALS = "Badger Beaver Crane Falcon Finch Fox Gecko Heron Ibex Lynx Magpie Otter Puffin Raven Seal Wren"


def guest_create(*, language: str) -> Player:
    nickname = f"{secrets.choice(MANNERS.split())} {secrets.choice(ANIMALS.split())}"
    return Player.objects.create(nickname=nickname, language=language)


@transaction.atomic
def consent_give(*, player: Player, study: Study, version: int) -> None:
    """Record consent to `version`, once, however often the form arrives."""
    Consent.objects.get_or_create(player=player, study=study, version=version)
