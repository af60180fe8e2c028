"""Making and revoking links to explanations."""

from django.contrib.auth.models import User
from django.utils import timezone

from labeling.models import ClassExplanation, Explanation, Image, Share, Study


class NotShareableError(ValueError):
    """The study does not allow links, or there is no such revision."""


def share_image(*, image: Image, revision: int, by: User) -> Share:
    """A new link to one revision of an image's explanation; the one that there is already, if there is one.

    Raises:
        NotShareableError: the study does not allow links, or the image has no such revision.
    """
    _check(image.study, Explanation.objects.filter(image=image, revision=revision).exists())
    live = Share.objects.filter(study=image.study, image=image, revision=revision, revoked_at=None)
    return live.first() or Share.objects.create(
        study=image.study, image=image, revision=revision, created_by=by
    )


def share_class(*, study: Study, class_index: int, revision: int, by: User) -> Share:
    """The same for the explanation of a class."""
    own = ClassExplanation.objects.filter(study=study, explained_class=class_index, revision=revision)
    _check(study, own.exists())
    live = Share.objects.filter(study=study, explained_class=class_index, revision=revision, revoked_at=None)
    return live.first() or Share.objects.create(
        study=study, explained_class=class_index, revision=revision, created_by=by
    )


def share_revoke(*, study: Study, key: str) -> bool:
    """Nobody reads it by this link any more, for good. False where there is no such link that lives."""
    live = Share.objects.filter(study=study, key=key, revoked_at=None)
    return bool(live.update(revoked_at=timezone.now()))


def _check(study: Study, exists: bool) -> None:
    if not (study.shareable and exists):
        raise NotShareableError(f"{study} has no such explanation to share")
