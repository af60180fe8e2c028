"""From a photograph that arrived to its regions. Runs on gpu workers; loads torch."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import PIL.Image
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from analysis.networks.errors import NetworkError
from analysis.networks.network import Network as LoadedNetwork
from analysis.networks.photos import Photo, PhotoError, read_photo
from analysis.regions import explain_batch
from analysis.regions.archive import pack_maps
from analysis.regions.results import ImageRegions
from analysis.regions.settings import RegionSettings, SettingsError
from labeling.models import Image, Study
from labeling.models.job import JobKind
from labeling.services.claims import Claim, job_fail, job_finish, job_progress, jobs_claim, working
from labeling.services.jobs import jobs_fail_queued
from labeling.services.networks import network_load
from labeling.services.options import options_draw
from labeling.services.regions import regions_write
from labeling.services.studies import image_folder, upload_forget

PHOTO_READ = 0.2  # of a job's progress
PHOTO_SIDE = 2048
PHOTO_QUALITY = 95
DELETED = "The image was deleted before its regions were found."


@dataclass(frozen=True, slots=True)
class Ready:
    """An image whose photograph has been read."""

    claim: Claim
    image: Image
    photo: Photo


def regions_work(*, study_id: int, seconds: float) -> bool:
    """Prepare queued images of a study for about `seconds`. True while more are waiting.

    The first image goes alone, so that somebody can play as soon as possible.
    """
    study = Study.objects.select_related("network").get(pk=study_id)
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        any_ready = study.images.filter(prepared_at__isnull=False).exists()
        limit = settings.GLIMPSE_BATCH_SIZE if any_ready else 1
        claims = jobs_claim(study_id=study_id, kind=JobKind.REGIONS, limit=limit)
        if not claims:
            return False
        with working(claims):
            _prepare(study, claims)
    return True


def _prepare(study: Study, claims: Sequence[Claim]) -> None:
    try:
        network = network_load(study.network)
        region_settings = RegionSettings(
            layers=tuple(study.layers) or None, micro_batch=settings.GLIMPSE_BATCH_SIZE
        )
    except (NetworkError, SettingsError) as error:
        for claim in claims:
            job_fail(claim, str(error))
        jobs_fail_queued(study_id=study.pk, kind=JobKind.REGIONS, error=str(error))
        return
    if photos := _read_all(claims):
        _explain(study, network, region_settings, photos)


def _read_all(claims: Sequence[Claim]) -> list[Ready]:
    """The photographs that can be read; the jobs of the others fail, each with its own sentence."""
    images = Image.objects.in_bulk([claim.subject for claim in claims])
    ready = []
    for claim in claims:
        image = images.get(claim.subject)
        if image is None:
            job_fail(claim, DELETED)
            continue
        try:
            ready.append(Ready(claim, image, _photo_of(image)))
            job_progress(claim, PHOTO_READ)
        except (PhotoError, OSError) as error:
            job_fail(claim, str(error))
    return ready


def _explain(
    study: Study, network: LoadedNetwork, region_settings: RegionSettings, ready: Sequence[Ready]
) -> None:
    """Find and store the regions; where several photographs fail together, each is tried alone."""
    try:
        found = explain_batch(network, [one.photo.image for one in ready], region_settings)
    except (NetworkError, SettingsError, RuntimeError) as error:
        if len(ready) > 1:
            for one in ready:
                _explain(study, network, region_settings, [one])
        else:
            job_fail(ready[0].claim, str(error))
        return
    for one, regions in zip(ready, found, strict=True):
        _store(study, one, network, regions)


def _photo_of(image: Image) -> Photo:
    """The photograph, re-encoded when it has just arrived, so that every run sees the same pixels."""
    if not image.photo:
        with image.upload.open("rb") as file:
            arrived = read_photo(file.read())
        encoded = ContentFile(_encoded(arrived.image))
        image.photo = default_storage.save(f"{image_folder(image)}/photo.jpg", encoded)
        image.notes = list(arrived.notes)
    with image.photo.open("rb") as file:
        return read_photo(file.read())


def _store(study: Study, ready: Ready, network: LoadedNetwork, regions: ImageRegions) -> None:
    """Write the maps to a file named by content, then the rows and the job's end in one transaction."""
    image, archive = ready.image, pack_maps(regions)
    maps = f"{image_folder(image)}/maps-{study.revision}-{hashlib.sha256(archive).hexdigest()[:16]}.npz"
    image.maps = default_storage.save(maps, ContentFile(archive))
    image.crop = list(network.preprocessing.crop_box(ready.photo.image.size))
    image.predicted_class, image.predicted_name = regions.class_index, regions.class_name
    image.probability, image.prepared_at = regions.probability, timezone.now()
    image.options = image.options or options_draw(image)
    with transaction.atomic():
        if not job_finish(ready.claim):
            return
        image.save(
            update_fields=[
                "photo", "maps", "crop", "notes", "options",
                "predicted_class", "predicted_name", "probability", "prepared_at",
            ]
        )  # fmt: skip
        regions_write(study=study, image=image, found=regions)
        transaction.on_commit(lambda: upload_forget(image), robust=True)  # what is left, the sweep forgets


def _encoded(photo: PIL.Image.Image) -> bytes:
    smaller = photo.copy()
    smaller.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
    buffer = BytesIO()
    smaller.save(buffer, "JPEG", quality=PHOTO_QUALITY, subsampling=0)
    return buffer.getvalue()
