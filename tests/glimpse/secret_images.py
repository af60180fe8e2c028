"""A study of one image, of which everything that could tell what it is can be told apart."""

import numpy as np
import PIL.Image
from django.utils import timezone
from numpy.typing import NDArray

from glimpse.play.pictures import STAGE_SIDE
from labeling.models import Explanation, Image, Label, LabelGroup
from tests.factories import make_image, make_player, make_round, make_study

TRUTH, PREDICTION = 1, 11
WITNESS = "Odd Quokka"


def make_secret() -> Image:
    """Described by another player; its true class and the network's answer differ."""
    study = make_study(rounds_per_game=1)
    image = make_image(study, true_class=TRUTH, predicted_class=PREDICTION, layers=1, regions=1)
    image.probability, image.source = 0.6847, "https://source.example/4711"
    image.save()
    store_photo(image, make_photo())
    other = make_round(study, make_player(study, nickname=WITNESS))
    Label.objects.create(round=other, region=other.region, raw="Scarlet Feathers", text="scarlet feather")
    LabelGroup.objects.create(
        study=study, explained_class=PREDICTION, number=0, name="crimson plume", members=[]
    )
    Explanation.objects.create(image=image, revision=1, result={"layers": []}, manifest={})
    return image


def make_decoy(image: Image) -> Image:
    """Another image of its study, that is played before it."""
    image.regions.update(retired_at=timezone.now())
    return make_image(image.study, true_class=2, predicted_class=2, layers=1, regions=1)


def secrets_of(image: Image) -> list[bytes]:
    """What no byte before the end of a round may say, in lower case."""
    assert image.photo.name
    assert image.maps.name
    secrets = (
        image.name, image.name.removesuffix(".jpg"), image.author, image.licence, image.sha256, image.key,
        image.photo.name, image.maps.name, image.source, "0.6847", "68 %", "scarlet", "feather", "crimson",
        WITNESS, "blocks.0", "from the camera", "secret profile",
    )  # fmt: skip
    return [secret.lower().encode() for secret in secrets]


def make_photo() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(120, 256, (STAGE_SIDE, STAGE_SIDE, 3), dtype=np.uint8)


def store_photo(image: Image, pixels: NDArray[np.uint8]) -> None:
    """Without loss and with a camera's metadata, although a worker would have taken that away."""
    exif = PIL.Image.Exif()
    exif[0x010E] = "from the camera"
    with image.photo.open("wb") as file:
        PIL.Image.fromarray(pixels).save(file, "TIFF", exif=exif, icc_profile=b"secret profile " * 20)
    Image.objects.filter(pk=image.pk).update(crop=[0, 0, STAGE_SIDE, STAGE_SIDE])
