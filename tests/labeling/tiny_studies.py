"""Studies of a tiny network, whose real workers need moments for a photograph."""

from io import BytesIO

import numpy as np
import PIL.Image

from labeling.models import Image, Job, Network, Study
from labeling.models.job import JobKind
from labeling.models.study import Target
from labeling.services.preparation import regions_work
from labeling.services.studies import Upload, images_add

TINY = "tests.analysis.networks.tiny:installed"


def make_tiny_study(
    *, preset: str = "faithful", target: str = Target.PREDICTED, measure: bool = True, seed: int = 0
) -> Study:
    number = Study.objects.count()
    return Study.objects.create(
        slug=f"tiny-{number}",
        title="Tiny",
        network=Network.objects.get_or_create(name=TINY)[0],
        consent_text="What we keep.",
        options_per_round=3,
        preset=preset,
        target=target,
        measure=measure,
        seed=seed,
    )


def tiny_photo(seed: int, class_name: str = "") -> Upload:
    """Large soft spots of colour, others for another seed."""
    spots = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    buffer = BytesIO()
    PIL.Image.fromarray(spots).resize((48, 48), PIL.Image.Resampling.BICUBIC).save(buffer, "PNG")
    return Upload(f"spots-{seed}.png", buffer.getvalue(), class_name)


def add_tiny_photos(study: Study, count: int) -> list[Image]:
    """Photographs whose regions are still to be found."""
    images_add(study=study, uploads=[tiny_photo(seed) for seed in range(count)])
    return list(study.images.order_by("pk"))


def find_regions(study: Study) -> list[Image]:
    assert not regions_work(study_id=study.pk, seconds=120)
    return list(Study.objects.get(pk=study.pk).images.order_by("pk"))


def measures_job(image: Image) -> Job:
    return Job.objects.get(study=image.study_id, kind=JobKind.MEASURES, subject=image.pk)
