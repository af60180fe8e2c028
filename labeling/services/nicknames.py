"""Nicknames: a player's own choice, or a friendly one that is made up."""

from django.db import IntegrityError, transaction

from labeling.models import Player
from labeling.services.players import nickname_draw


def nickname_choose(*, player: Player, nickname: str) -> bool:
    """False where another player chose the same a moment before: the database lets only one have it."""
    try:
        with transaction.atomic():
            Player.objects.filter(pk=player.pk, merged_into=None).update(nickname=nickname, named=True)
    except IntegrityError:
        return False
    return True


def nickname_reset(*, player: Player) -> None:
    """Give a player a made-up nickname. Nameless ones, who have withdrawn, stay so."""
    Player.objects.filter(pk=player.pk).exclude(nickname="").update(nickname=nickname_draw(), named=False)
