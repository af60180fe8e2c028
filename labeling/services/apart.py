"""Rounds that leave a player's games. Expects the caller's transaction."""

from django.db.models import QuerySet
from django.utils import timezone

from labeling.models import Game, Label, Player, Round
from labeling.models.image import unguessable_key

CHUNK = 200


def rounds_lock(rounds: QuerySet[Round]) -> None:
    """Wait for answers and payments that are under way, and let none begin. Rounds come before labels, as
    where they are answered."""
    ids = list(rounds.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        labels = Label.objects.filter(round__in=ids[start : start + CHUNK]).order_by("pk")
        list(labels.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))


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
