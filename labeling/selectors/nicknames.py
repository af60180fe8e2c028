from labeling.models import Player


def is_taken(nickname: str, player: Player) -> bool:
    """Whether somebody else goes by it, in whatever case."""
    return (
        Player.objects.filter(nickname__iexact=nickname)
        .exclude(pk=player.pk)
        .exclude(merged_into=player)
        .exists()
    )
