"""A study's network, loaded once in a worker and kept. Loads torch."""

import shutil
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from analysis.networks import load_network
from analysis.networks.network import Network as LoadedNetwork
from labeling.models import Image, Network

NETWORKS_KEPT = 2


def network_load(network: Network) -> LoadedNetwork:
    """The network itself; its class names and digest are kept in the row the first time.

    Raises:
        NetworkError: with a sentence for the researcher.
    """
    loaded = _loaded(
        network.name, network.weights.name or None, network.classes.name or None, settings.GLIMPSE_DEVICE
    )
    if network.digest != loaded.digest:
        _describe(network, loaded)
    return loaded


@lru_cache(maxsize=NETWORKS_KEPT)
def _loaded(name: str, weights: str | None, classes: str | None, device: str) -> LoadedNetwork:
    torch.set_num_threads(settings.GLIMPSE_TORCH_THREADS)
    with TemporaryDirectory() as folder:
        return load_network(
            name,
            weights=_fetched(weights, folder),
            classes=_fetched(classes, folder),
            device=device,
            factories_allowed=settings.GLIMPSE_NETWORK_FACTORIES,
        )


def _fetched(stored: str | None, folder: str) -> Path | None:
    """A local copy: the storage may be a remote one."""
    if stored is None:
        return None
    path = Path(folder) / Path(stored).name
    with default_storage.open(stored, "rb") as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    return path


def _describe(network: Network, loaded: LoadedNetwork) -> None:
    """Keep what the site needs to know, and resolve the true classes of the network's studies by it.

    An image whose true class the network lacks keeps none: its guesses are judged by the network's answer.
    """
    network.class_names, network.digest = list(loaded.class_names), loaded.digest
    index_of = {name: index for index, name in reversed(list(enumerate(loaded.class_names)))}
    with transaction.atomic():
        network.save(update_fields=["class_names", "digest"])
        images = list(Image.objects.filter(study__network=network).exclude(class_name=""))
        for image in images:
            image.true_class = index_of.get(image.class_name)
        Image.objects.bulk_update(images, ["true_class"], batch_size=500)
