"""Effects and stability of regions that were found before. Runs on gpu workers; loads torch."""

import time
from dataclasses import asdict

from django.db import transaction

from analysis.networks.errors import NetworkError
from analysis.networks.photos import PhotoError
from analysis.regions.archive import ArchiveError
from analysis.regions.fidelity import fidelity
from analysis.regions.measuring import measure
from analysis.regions.results import ImageRegions
from analysis.regions.settings import SettingsError
from labeling.models import Image, ImageLayer, Region, Study
from labeling.models.job import JobKind
from labeling.selectors.found import regions_found
from labeling.services.claims import Claim, job_fail, job_finish, job_progress, jobs_claim, working
from labeling.services.jobs import jobs_fail_queued, photographs_wait
from labeling.services.networks import network_load
from labeling.services.photographs import photo_read
from labeling.services.regions import region_settings

PHOTO_READ = 0.2  # of a job's progress
DELETED = "The image was deleted before its regions were measured."
NO_LAYERS = (
    "There are no regions of the study's revision to measure, or an earlier version of Glimpse found them. "
    "Add the photograph to a new study."
)
OTHER_NETWORK = (
    "The network is no longer the one that the regions were found with: its parameters have changed. "
    "Restore them, or add the photograph to a new study."
)
CHANGED = "The regions changed while they were measured. Retry."


def measures_work(*, study_id: int, seconds: float) -> bool:
    """Measure queued images of a study for about `seconds`. True while more are waiting.

    Photographs that wait for their regions come first, those of any study: then this ends at once, and the
    last of them has it begin again.
    """
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if photographs_wait():
            return False
        claims = jobs_claim(study_id=study_id, kind=JobKind.MEASURES, limit=1)
        if not claims:
            return False
        with working(claims):
            _work(Study.objects.select_related("network").get(pk=study_id), claims[0])
    return True


def _work(study: Study, claim: Claim) -> None:
    try:
        network_load(study.network)
    except NetworkError as error:
        job_fail(claim, str(error))
        jobs_fail_queued(study_id=study.pk, kind=JobKind.MEASURES, error=str(error))
        return
    image = Image.objects.filter(pk=claim.subject).first()
    if image is None:
        job_fail(claim, DELETED)
        return
    try:
        _measure(study, image, claim)
    except (NetworkError, SettingsError, PhotoError, ArchiveError, OSError, RuntimeError) as error:
        job_fail(claim, str(error))


def _measure(study: Study, image: Image, claim: Claim) -> None:
    """Measure exactly the regions of the rows as they are now, and keep it if they still are."""
    network = network_load(study.network)
    layers = list(image.layers.filter(revision=study.revision).order_by("depth"))
    regions = list(image.regions.filter(revision=study.revision).order_by("depth", "index"))
    if not layers or network.digest != image.network_digest:
        job_fail(claim, OTHER_NETWORK if layers else NO_LAYERS)
        return
    found, photo = regions_found(image, regions, layers), photo_read(image).image
    job_progress(claim, PHOTO_READ)
    measured = measure(network, photo, found, region_settings(study, measured=True))
    with transaction.atomic():
        same = Image.objects.select_for_update(of=("self",), no_key=True).filter(
            pk=image.pk, maps=image.maps.name, network_digest=network.digest, study__revision=study.revision
        )
        if not same.exists():
            job_fail(claim, CHANGED)
        elif job_finish(claim):
            _write(image, regions, layers, measured)


def _write(image: Image, regions: list[Region], layers: list[ImageLayer], measured: ImageRegions) -> None:
    of = {(layer.name, region.index): region for layer in measured.layers for region in layer.regions}
    for region in regions:
        result = of[region.layer, region.index]
        region.effect, region.stability = result.effect, result.stability
    for row, layer in zip(layers, measured.layers, strict=True):
        row.fidelity = fidelity(layer)
    Region.objects.bulk_update(regions, ["effect", "stability"], batch_size=200)
    ImageLayer.objects.bulk_update(layers, ["fidelity"])
    Image.objects.filter(pk=image.pk).update(seconds=asdict(measured.seconds))
