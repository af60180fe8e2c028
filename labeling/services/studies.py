import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from labeling.models import Image, ImageLayer, Job, Region, Study
from labeling.models.job import JobKind, JobState
from labeling.services.jobs import jobs_queue, jobs_request, nudge


@dataclass(frozen=True, slots=True)
class Upload:
    """A photograph as it arrives, not yet known to be one."""

    name: str
    content: bytes
    class_name: str = ""
    author: str = ""
    licence: str = ""
    source: str = ""
    showcase: bool = False


def consent_text_changed(*, study: Study) -> None:
    """Everybody who plays on agrees anew: a consent is to one version of the text."""
    Study.objects.filter(pk=study.pk).update(consent_version=F("consent_version") + 1)


def labels_regroup(*, study: Study) -> None:
    """Have all that was said read, grouped and explained anew, as the study's rules for labels are others."""
    with transaction.atomic():
        classes = _described_classes(study.images.all())
        jobs_request(study_id=study.pk, kind=JobKind.EXPLANATIONS, subjects=classes)


def object_place(*, image: Image, box: list[float]) -> None:
    """Say where the object is on an image, or with [] that nobody knows; its class is explained anew."""
    with transaction.atomic():
        held = Image.objects.select_for_update(no_key=True).get(pk=image.pk)
        if held.object_box == box:
            return
        Image.objects.filter(pk=image.pk).update(object_box=box)
        if held.explained_class is not None:
            jobs_queue(study_id=held.study_id, kind=JobKind.CLASSES, subjects=[held.explained_class])


def _described_classes(images: QuerySet[Image]) -> list[int]:
    described = images.filter(rounds__labels__isnull=False).order_by()
    classes = described.values_list("explained_class", flat=True).distinct()
    return sorted(index for index in classes if index is not None)


def images_add(*, study: Study, uploads: Iterable[Upload]) -> int:
    """Keep what the study does not have yet and ask for its regions. Returns how many are new."""
    added = 0
    for upload in uploads:
        if _add(study, upload):
            added += 1
            if added == 1:  # the first is prepared while the others arrive
                nudge(study_id=study.pk, kind=JobKind.REGIONS)
    if added > 1:
        nudge(study_id=study.pk, kind=JobKind.REGIONS)
    return added


def _add(study: Study, upload: Upload) -> bool:
    names: list[str] = study.network.class_names
    digest = hashlib.sha256(upload.content).hexdigest()
    if study.images.filter(sha256=digest).exists():
        return False
    with transaction.atomic():
        image, created = Image.objects.get_or_create(
            study=study,
            sha256=digest,
            defaults={
                "name": upload.name[:255],
                "class_name": upload.class_name,
                "true_class": names.index(upload.class_name) if upload.class_name in names else None,
                "author": upload.author,
                "licence": upload.licence,
                "source": upload.source,
                "showcase": upload.showcase,
            },
        )
        if created:
            image.upload.save(f"{image_folder(image)}/upload", ContentFile(upload.content))
            jobs_queue(study_id=study.pk, kind=JobKind.REGIONS, subjects=[image.pk])
    return created


def measures_request(*, study: Study) -> int:
    """Queue the effects and the stability of what has none yet and no job that is open. Returns how many.

    Images without layers are left out: an earlier Glimpse, whose recipe is not known here, prepared them.
    """
    unmeasured = Region.objects.filter(Q(effect=None) | Q(stability=None), revision=study.revision)
    open_jobs = Job.objects.filter(
        study=study, kind=JobKind.MEASURES, state__in=[JobState.QUEUED, JobState.RUNNING]
    )
    images = study.images.filter(
        Exists(unmeasured.filter(image=OuterRef("pk"))),
        Exists(ImageLayer.objects.filter(image=OuterRef("pk"), revision=study.revision)),
    ).exclude(pk__in=open_jobs.values("subject"))
    subjects = list(images.order_by("pk").values_list("pk", flat=True))
    if subjects:
        jobs_request(study_id=study.pk, kind=JobKind.MEASURES, subjects=subjects)
    return len(subjects)


def measures_cancel(*, study: Study) -> int:
    """Forget what waits to be measured; what a worker has begun it ends. Returns how many."""
    waiting = Job.objects.filter(study=study, kind=JobKind.MEASURES, state=JobState.QUEUED)
    return waiting.delete()[0]


def images_delete(*, images: QuerySet[Image]) -> None:
    """Delete images with their jobs and all that people said of them; their files once that is certain. The
    classes that they were of are explained without them."""
    with transaction.atomic():
        classes = {
            study_id: _described_classes(images.filter(study=study_id))
            for study_id in sorted(set(images.values_list("study", flat=True)))
        }
        _delete(images)
        for study_id, subjects in classes.items():
            if subjects:
                jobs_request(study_id=study_id, kind=JobKind.EXPLANATIONS, subjects=subjects)


def _delete(images: QuerySet[Image]) -> None:
    with transaction.atomic():
        doomed = list(images)
        subjects = [image.pk for image in doomed]
        jobs = Job.objects.filter(kind__in=[JobKind.REGIONS, JobKind.MEASURES], subject__in=subjects)
        jobs.delete()  # first, as workers lock a job before its image
        images.model.objects.filter(pk__in=subjects).delete()
        jobs.all().delete()  # what a worker that was just finishing has queued meanwhile
        transaction.on_commit(lambda: _delete_folders([image_folder(image) for image in doomed]), robust=True)


def studies_delete(*, studies: QuerySet[Study]) -> None:
    with transaction.atomic():
        _delete(Image.objects.filter(study__in=studies))
        studies.delete()


def files_forget(images: Iterable[Image]) -> None:
    """Delete what a worker wrote for images that were deleted at that moment."""
    gone = [
        image
        for image in images
        if not Image.objects.filter(study_id=image.study_id, sha256=image.sha256).exists()
    ]
    _delete_folders([image_folder(image) for image in gone])


def _delete_folders(folders: Iterable[str]) -> None:
    for folder in folders:
        with suppress(FileNotFoundError):
            for name in default_storage.listdir(folder)[1]:
                default_storage.delete(f"{folder}/{name}")
        default_storage.delete(folder)


def upload_forget(image: Image) -> None:
    """Delete what arrived: its metadata may hold a place or a name."""
    image.upload.delete(save=False)
    Image.objects.filter(pk=image.pk).update(upload="")


def uploads_forget() -> int:
    """Forget uploads of prepared images, whose worker died before it could. Returns how many."""
    left = list(Image.objects.exclude(upload="").exclude(prepared_at=None))
    for image in left:
        upload_forget(image)
    return len(left)


def image_folder(image: Image) -> str:
    return f"studies/{image.study_id}/{image.sha256}"
