import secrets

from django.db import transaction

from labeling.models import Consent, Player, Study

MANNERS = "Bright Calm Curious Daring Eager Gentle Keen Lively Lucky Merry Nimble Quick Quiet Swift Wise"
ANIMALS = "Badger Beaver Crane Falcon Finch Fox Gecko Heron Ibex Lynx Magpie Otter Puffin Raven Seal Wren"


def guest_create(*, language: str) -> Player:
    return Player.objects.create(nickname=nickname_draw(), language=language)


def nickname_draw() -> str:
    return f"{secrets.choice(MANNERS.split())} {secrets.choice(ANIMALS.split())}"


@transaction.atomic
def consent_give(*, player: Player, study: Study, version: int) -> None:
    """Record consent to `version`, once, however often the form arrives."""
    Consent.objects.get_or_create(player=player, study=study, version=version)


def player_told(*, player: Player, up_to: int) -> None:
    """Remember that the player has seen the news up to a ledger entry. Never goes back."""
    Player.objects.filter(pk=player.pk, told_up_to__lt=up_to).update(told_up_to=up_to)


def player_speaks(*, player: Player, language: str) -> None:
    """Labels from now on are in this language."""
    Player.objects.filter(pk=player.pk).update(language=language)
