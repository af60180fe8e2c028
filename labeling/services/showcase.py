"""Images that the front page gives away."""

from django.db import transaction
from django.db.models import QuerySet

from labeling.models import Image, Region


@transaction.atomic
def showcase_begin(*, images: QuerySet[Image]) -> int:
    """Give away those of the images that nobody has played: from now on nobody does. Returns how many."""
    unplayed = images.filter(rounds=None, showcase=False).select_for_update()
    chosen = list(unplayed.values_list("pk", flat=True))
    Region.objects.filter(image__in=chosen, reserved=0).update(capacity=0)
    return Image.objects.filter(pk__in=chosen).update(showcase=True)


@transaction.atomic
def showcase_end(*, images: QuerySet[Image]) -> int:
    """Stop giving images away. They are not played either: too many have seen them. Returns how many."""
    return images.filter(showcase=True).update(showcase=False)
