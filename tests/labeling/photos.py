"""Real photographs for tests, and studies that a worker has yet to prepare."""

from labeling.models import Image, Job, Network, Study
from labeling.models.job import JobKind
from labeling.services.demo import PHOTOS

FEW_LAYERS = ["_blocks.9", "_blocks.15"]


def demo_photo(name: str) -> bytes:
    return (PHOTOS / name).read_bytes()


def make_new_study(
    *, network: str = "efficientnet_lite0", weights: str = "", layers: list[str] | None = None
) -> Study:
    """A study whose network no worker has loaded yet."""
    number = Study.objects.count()
    return Study.objects.create(
        slug=f"new-{number}",
        title="New",
        network=Network.objects.create(name=network, weights=weights),
        layers=FEW_LAYERS if layers is None else layers,
        consent_text="What we keep.",
    )


def job_of(image: Image) -> Job:
    return Job.objects.get(study=image.study_id, kind=JobKind.REGIONS, subject=image.pk)
