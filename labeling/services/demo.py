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
SHOWCASE = {"koala.jpg", "panda.jpg", "scarlet_macaw.jpg"}  # both networks know them: given away first
# Of the photographs' classes, and of those that a network takes some of them for.
DISPLAY_NAMES = {
    "African chameleon": {"en": "chameleon", "it": "camaleonte"},
    "African crocodile": {"en": "crocodile", "it": "coccodrillo"},
    "agama": {"en": "agama", "it": "agama"},
    "bison": {"en": "bison", "it": "bisonte"},
    "castle": {"en": "castle", "it": "castello"},
    "cliff dwelling": {"en": "cliff dwelling", "it": "case nella roccia"},
    "cliff": {"en": "cliff", "it": "parete rocciosa"},
    "diamondback": {"en": "rattlesnake", "it": "serpente a sonagli"},
    "dome": {"en": "domed cathedral", "it": "cattedrale con cupola"},
    "drake": {"en": "duck", "it": "anatra"},
    "Egyptian cat": {"en": "Egyptian cat", "it": "gatto egiziano"},
    "English springer": {"en": "springer spaniel", "it": "springer spaniel"},
    "German shepherd": {"en": "German shepherd", "it": "pastore tedesco"},
    "giant panda": {"en": "giant panda", "it": "panda gigante"},
    "goose": {"en": "goose", "it": "oca"},
    "great grey owl": {"en": "owl", "it": "gufo"},
    "hen": {"en": "hen", "it": "gallina"},
    "hog": {"en": "pig", "it": "maiale"},
    "house finch": {"en": "finch", "it": "fringuello"},
    "ice bear": {"en": "polar bear", "it": "orso polare"},
    "jaguar": {"en": "jaguar", "it": "giaguaro"},
    "koala": {"en": "koala", "it": "koala"},
    "Komodo dragon": {"en": "Komodo dragon", "it": "drago di Komodo"},
    "macaw": {"en": "macaw", "it": "pappagallo"},
    "Madagascar cat": {"en": "lemur", "it": "lemure"},
    "monastery": {"en": "monastery", "it": "monastero"},
    "mosque": {"en": "mosque", "it": "moschea"},
    "ox": {"en": "cow", "it": "mucca"},
    "palace": {"en": "palace", "it": "palazzo"},
    "porcupine": {"en": "hedgehog", "it": "riccio"},
    "ram": {"en": "sheep", "it": "pecora"},
    "red-backed sandpiper": {"en": "sandpiper", "it": "piovanello"},
    "stupa": {"en": "stupa", "it": "stupa"},
    "tabby": {"en": "tabby cat", "it": "gatto tigrato"},
    "tennis ball": {"en": "tennis ball", "it": "pallina da tennis"},
    "triumphal arch": {"en": "triumphal arch", "it": "arco di trionfo"},
    "viaduct": {"en": "viaduct", "it": "viadotto"},
    "wallaby": {"en": "kangaroo", "it": "canguro"},
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
    """What the front page gives away first, as it is what visitors see first."""
    with (PHOTOS / "photos.csv").open(newline="", encoding="utf-8") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: row["file"] not in SHOWCASE):
            yield Upload(
                name=row["file"],
                content=(PHOTOS / row["file"]).read_bytes(),
                class_name=row["imagenet_class"],
                author=row["author"],
                licence=row["licence"],
                source=row["source"],
                showcase=row["file"] in SHOWCASE,
            )


def demo_admin_create() -> str | None:
    """The password of a new superuser called admin; None where somebody can sign in already."""
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return None
    password = secrets.token_urlsafe(12)
    users.create_superuser("admin", password=password)
    return password
