"""From a photograph that arrived to its regions. Runs on gpu workers; loads torch."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from analysis.networks.errors import NetworkError
from analysis.networks.network import Network as LoadedNetwork
from analysis.networks.photos import Photo, PhotoError
from analysis.regions import explain_batch
from analysis.regions.archive import pack_maps
from analysis.regions.results import ImageRegions
from analysis.regions.settings import RegionSettings, SettingsError
from labeling.models import Image, Study
from labeling.models.job import JobKind
from labeling.models.study import Target
from labeling.services.claims import Claim, job_fail, job_finish, job_progress, jobs_claim, working
from labeling.services.jobs import jobs_fail_queued, jobs_queue, measures_nudge
from labeling.services.networks import network_load
from labeling.services.options import options_draw
from labeling.services.photographs import photo_read
from labeling.services.regions import region_settings, regions_write
from labeling.services.studies import files_forget, image_folder, upload_forget

PHOTO_READ = 0.2  # of a job's progress
DELETED = "The image was deleted before its regions were found."
NO_TRUTH = "No true class is known that the network tells apart: the predicted class is explained."
CLASSES = [
    "true_class", "predicted_class", "predicted_name", "probability", "explained_class", "explained_name",
    "explained_probability", "logit", "network_digest",
]  # fmt: skip


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
            measures_nudge()
            return False
        with working(claims):
            _prepare(study, claims)
    return True


def _prepare(study: Study, claims: Sequence[Claim]) -> None:
    try:
        network = network_load(study.network)
        chosen = region_settings(study, measured=False)
    except (NetworkError, SettingsError) as error:
        for claim in claims:
            job_fail(claim, str(error))
        jobs_fail_queued(study_id=study.pk, kind=JobKind.REGIONS, error=str(error))
        return
    if photos := _read_all(network, claims):
        _explain(study, network, chosen, photos)
        files_forget([one.image for one in photos])


def _read_all(network: LoadedNetwork, claims: Sequence[Claim]) -> list[Ready]:
    """The photographs that can be read; the jobs of the others fail, each with its own sentence."""
    images = Image.objects.in_bulk([claim.subject for claim in claims])
    ready = []
    for claim in claims:
        image = images.get(claim.subject)
        if image is None:
            job_fail(claim, DELETED)
            continue
        try:
            if image.true_class is None and image.class_name in network.class_names:
                # It arrived while a worker learnt the names of a new network.
                image.true_class = network.class_names.index(image.class_name)
            ready.append(Ready(claim, image, photo_read(image)))
            job_progress(claim, PHOTO_READ)
        except (PhotoError, OSError) as error:
            job_fail(claim, str(error))
    return ready


def _explain(study: Study, network: LoadedNetwork, chosen: RegionSettings, ready: Sequence[Ready]) -> None:
    """Find and store the regions; where several photographs fail together, each is tried alone."""
    try:
        classes = [one.image.true_class if study.target == Target.TRUE else None for one in ready]
        found = explain_batch(network, [one.photo.image for one in ready], chosen, class_indices=classes)
    except (NetworkError, SettingsError, RuntimeError) as error:
        if len(ready) > 1:
            for one in ready:
                _explain(study, network, chosen, [one])
        else:
            job_fail(ready[0].claim, str(error))
        return
    for one, regions in zip(ready, found, strict=True):
        _store(study, one, network, regions)


def _store(study: Study, ready: Ready, network: LoadedNetwork, regions: ImageRegions) -> None:
    """Write the maps to a file named by content, then the rows and the job's end in one transaction."""
    image, archive = ready.image, pack_maps(regions)
    maps = f"{image_folder(image)}/maps-{study.revision}-{hashlib.sha256(archive).hexdigest()[:16]}.npz"
    image.maps = default_storage.save(maps, ContentFile(archive))
    image.crop = list(network.preprocessing.crop_box(ready.photo.image.size))
    _describe(study, ready, network, regions)
    image.options = image.options or options_draw(image)
    with transaction.atomic():
        if not job_finish(ready.claim):
            return
        image.save(
            update_fields=["photo", "maps", "crop", "notes", "options", "prepared_at", "seconds", *CLASSES]
        )
        regions_write(study=study, image=image, found=regions)
        # Locked, so that whoever switches this on at this moment finds the image, or is found here.
        if Study.objects.select_for_update(no_key=True).get(pk=study.pk).measure:
            jobs_queue(study_id=study.pk, kind=JobKind.MEASURES, subjects=[image.pk])
        transaction.on_commit(lambda: upload_forget(image), robust=True)  # what is left, the sweep forgets


def _describe(study: Study, ready: Ready, network: LoadedNetwork, regions: ImageRegions) -> None:
    """What the network says of the photograph, and which class was explained."""
    image, seconds = ready.image, regions.seconds
    image.predicted_class, image.predicted_name = regions.predicted_index, regions.predicted_name
    image.explained_class, image.explained_name = regions.class_index, regions.class_name
    image.explained_probability, image.logit = regions.probability, regions.logit
    image.probability = regions.predicted_probability
    lacks_truth = study.target == Target.TRUE and image.true_class is None
    image.notes = [note for note in image.notes if note != NO_TRUTH] + [NO_TRUTH] * lacks_truth
    image.seconds = {"capture": seconds.capture, "clustering": seconds.clustering}
    image.network_digest, image.prepared_at = network.digest, timezone.now()
