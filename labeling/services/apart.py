"""Rounds that leave a player's games. Expects the caller's transaction."""

from django.db.models import QuerySet
from django.utils import timezone

from labeling.models import Game, Player, Region, Round
from labeling.models.image import unguessable_key
from labeling.services.ledger import regions_lock

CHUNK = 200


def games_lock(games: QuerySet[Game]) -> list[int]:
    """Wait for answers and payments that are under way in games, and let none begin: rounds come first, then
    their regions, as where they are answered. Looks twice, for a round that was leased meanwhile. Returns the
    games' ids."""
    _rounds_lock(games)
    ids = list(games.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    _rounds_lock(games)
    return ids


def _rounds_lock(games: QuerySet[Game]) -> None:
    """No key changes for rows that only point at them."""
    rounds = Round.objects.filter(game__in=games.order_by())
    list(rounds.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    regions_lock(regions=Region.objects.filter(pk__in=rounds.order_by().values("region")))


def rounds_set_apart(*, rounds: QuerySet[Round], player: Player) -> None:
    """Move rounds to `player`, into a new game for each one that they come from, all under new keys."""
    moved = list(rounds.select_related("game").order_by("pk"))
    games = _twins({round_.game_id: round_.game for round_ in moved}, player)
    for round_ in moved:
        round_.game, round_.player, round_.key = games[round_.game_id], player, unguessable_key()
    Round.objects.bulk_update(moved, ["game", "player", "key"], CHUNK)


def _twins(games: dict[int, Game], player: Player) -> dict[int, Game]:
    """Games of the same time, all over."""
    now = timezone.now()
    twins = Game.objects.bulk_create(
        [
            Game(study_id=game.study_id, player=player, finished_at=game.finished_at or now)
            for game in games.values()
        ]
    )
    for twin, game in zip(twins, games.values(), strict=True):
        twin.created_at = game.created_at
    Game.objects.bulk_update(twins, ["created_at"], CHUNK)
    return dict(zip(games, twins, strict=True))
