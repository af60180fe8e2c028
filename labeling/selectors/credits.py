from django.db.models import Q, QuerySet

from labeling.models import Image, Player
from labeling.models.study import StudyState
from labeling.selectors.images import images_of_player


def credits_for(player: Player | None) -> QuerySet[Image]:
    """Images whose credits give nothing away: of finished studies, of the front page, and those that the
    player has seen whole. In an order of their own, not in that in which they were added."""
    may_see = Q(study__state=StudyState.FINISHED) | Q(showcase=True)
    if player is not None:
        may_see |= Q(pk__in=images_of_player(player).values("pk"))
    named = Image.objects.filter(may_see).exclude(author="")
    return named.exclude(prepared_at=None).select_related("study").order_by("author", "key")
