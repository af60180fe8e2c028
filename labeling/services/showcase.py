"""Images that the front page gives away."""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from labeling.models import Image, Region, Round


@transaction.atomic
def showcase_begin(*, images: QuerySet[Image]) -> int:
    """Give away those of the images that nobody has played: from now on nobody does. Returns how many.

    Images are locked first, then regions, so that neither a worker that writes regions nor a player who takes
    a place comes in between.
    """
    wanted = Image.objects.filter(pk__in=images.values("pk"), showcase=False)
    ids = list(wanted.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    places = Region.objects.filter(image__in=ids).order_by("pk").select_for_update(no_key=True)
    list(places.values_list("pk"))
    unplayed = Image.objects.filter(~Exists(Round.objects.filter(image=OuterRef("pk"))), pk__in=ids)
    chosen = list(unplayed.values_list("pk", flat=True))
    Region.objects.filter(image__in=chosen, reserved=0).update(capacity=0)
    return Image.objects.filter(pk__in=chosen).update(showcase=True)


@transaction.atomic
def showcase_end(*, images: QuerySet[Image]) -> int:
    """Stop giving images away. They are not played either: too many have seen them. Returns how many."""
    return images.filter(showcase=True).update(showcase=False)
