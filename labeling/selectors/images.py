from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from labeling.models import Image, Player, Round, Study
from labeling.models.game import RoundState


def images_of_player(player: Player) -> QuerySet[Image]:
    """Images that the player has had a round on and is not guessing at this moment."""
    own = Round.objects.filter(player=player, image=OuterRef("pk"))
    is_open = Exists(own.filter(state=RoundState.OPEN))
    return Image.objects.filter(Exists(own.exclude(state=RoundState.OPEN)), ~is_open)


def studies_of_researcher(user: AbstractUser | AnonymousUser) -> QuerySet[Study]:
    """A superuser's studies are all, a researcher's (staff) are their own, anybody else has none."""
    if not (user.is_active and user.is_staff):
        return Study.objects.none()
    return Study.objects.all() if user.is_superuser else Study.objects.filter(owner_id=user.pk)


def images_visible_to(*, player: Player | None, user: AbstractUser | AnonymousUser) -> QuerySet[Image]:
    visible = Image.objects.filter(study__in=studies_of_researcher(user))
    if player is not None:
        visible = visible | Image.objects.filter(pk__in=images_of_player(player).values("pk"))
    return visible.exclude(prepared_at=None).select_related("study__network")
