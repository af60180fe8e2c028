"""The demo studies: forty free photographs and, in each, a packaged network."""

import csv
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.contrib.auth import get_user_model

import labeling.demo
from labeling.models import Network, Study
from labeling.models.study import StudyState
from labeling.services.studies import Upload, images_add

SLUG, TITLE = "demo", "Castles and creatures"
DEFAULT = "efficientnet_lite0"
NETWORKS = (DEFAULT, "squeezenet1_1")
PHOTOS = Path(labeling.demo.__file__).parent / "photos"
DISPLAY_NAMES = {
    "African chameleon": "chameleon",
    "African crocodile": "crocodile",
    "dome": "domed cathedral",
    "drake": "duck",
    "great grey owl": "owl",
    "hog": "pig",
    "ice bear": "polar bear",
    "Madagascar cat": "lemur",
    "ox": "cow",
    "porcupine": "hedgehog",
    "ram": "sheep",
    "tabby": "tabby cat",
    "wallaby": "kangaroo",
}


def demo_create(network: str = DEFAULT) -> Study:
    """The demo study of a network, with its photographs; what is there already stays as it is.

    Every researcher can use all of the demo's networks for studies of their own.
    """
    rows = {name: _network(name) for name in NETWORKS}
    slug = SLUG if network == DEFAULT else f"{SLUG}-{network}"
    study = Study.objects.filter(slug=slug).first() or Study.objects.create(
        slug=slug,
        title=TITLE if network == DEFAULT else f"{TITLE} ({network})",
        network=rows[network],
        state=StudyState.OPEN,
        seed=secrets.randbelow(2**31),
        display_names=DISPLAY_NAMES,
    )
    images_add(study=study, uploads=_uploads())
    return study


def _network(name: str) -> Network:
    """The shared network with packaged weights; there may be several, if researchers have added their own."""
    wanted = {"name": name, "weights": "", "classes": "", "owner": None}
    return Network.objects.filter(**wanted).first() or Network.objects.create(**wanted)


def _uploads() -> Iterator[Upload]:
    with (PHOTOS / "photos.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield Upload(
                name=row["file"],
                content=(PHOTOS / row["file"]).read_bytes(),
                class_name=row["imagenet_class"],
                author=row["author"],
                licence=row["licence"],
                source=row["source"],
            )


def demo_admin_create() -> str | None:
    """The password of a new superuser called admin; None where somebody can sign in already."""
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return None
    password = secrets.token_urlsafe(12)
    users.create_superuser("admin", password=password)
    return password
