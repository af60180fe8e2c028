"""The regions of one picture of evidence."""

from labeling.models import Image, Region


def regions_shown(image: Image, ids: str) -> list[Region]:
    """Of the image and of one layer, by their ids joined with hyphens; [] where that is not so."""
    wanted = [int(part) for part in ids.split("-")]
    found = list(image.regions.filter(pk__in=wanted, revision=image.study.revision).order_by("pk"))
    is_one_layer = len({region.layer for region in found}) == 1
    return found if is_one_layer and len(found) == len(wanted) else []
