"""Links by which anybody reads one revision of one explanation."""

from collections.abc import Iterator, Mapping

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from labeling.models import ClassExplanation, Explanation, Image, Share, Study
from labeling.selectors.images import studies_of_researcher


def live_shares() -> QuerySet[Share]:
    """Not revoked, of studies that allow them; those of images that are prepared.

    A link lives no longer than what it is to: where an explanation was taken back and made anew, the new one
    may come to the same number, but is not what was shared.
    """
    same = Q(revision=OuterRef("revision"), created_at__lte=OuterRef("created_at"))
    of_image = Explanation.objects.filter(same, image=OuterRef("image"))
    of_class = ClassExplanation.objects.filter(
        same, study=OuterRef("study"), explained_class=OuterRef("explained_class")
    )
    allowed = Share.objects.filter(
        Exists(of_image) | Exists(of_class), revoked_at=None, study__shareable=True
    )
    return allowed.exclude(image__isnull=False, image__prepared_at=None).select_related(
        "image__study__network", "study__network"
    )


def shares_of_image(image: Image) -> QuerySet[Share]:
    """Newest first."""
    return Share.objects.filter(image=image, study=image.study_id, revoked_at=None)


def shares_of_class(study: Study, class_index: int) -> QuerySet[Share]:
    return Share.objects.filter(study=study, explained_class=class_index, revoked_at=None)


def is_researcher_of(study: Study, user: AbstractUser | AnonymousUser) -> bool:
    return studies_of_researcher(user).filter(pk=study.pk).exists()


def image_of_regions(share: Share, ids: str) -> Image | None:
    """The image of regions that the shared revision shows as one picture; None where it shows no such one."""
    if ids not in region_ids(_record(share)):
        return None
    if share.image is not None:
        return share.image
    images = Image.objects.filter(study=share.study, explained_class=share.explained_class)
    return (
        images.exclude(prepared_at=None)
        .filter(regions=int(ids.split("-")[0]))
        .select_related("study")
        .first()
    )


def _record(share: Share) -> object:
    if share.image is not None:
        revisions = Explanation.objects.filter(image=share.image, revision=share.revision)
        return revisions.values_list("result", flat=True).first()
    if share.explained_class is None:
        return None
    of_class = ClassExplanation.objects.filter(study=share.study, explained_class=share.explained_class)
    return of_class.filter(revision=share.revision).values_list("result", flat=True).first()


def region_ids(record: object) -> frozenset[str]:
    """Of all pictures that a record of an explanation shows; those of one picture joined with hyphens."""
    return frozenset(_region_ids(record))


def _region_ids(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        ids = part.get("region_ids")
        if isinstance(ids, list):
            yield "-".join(map(str, ids))
        for value in part.values():
            yield from _region_ids(value)
    elif isinstance(part, list):
        for value in part:
            yield from _region_ids(value)
