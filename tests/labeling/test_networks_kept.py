"""A worker keeps a few networks for all of its studies, and nothing of those that it lets go."""

import gc
from weakref import ref

import pytest
from pytest_django import Settings

from analysis.networks.errors import NetworkError
from labeling.models import Network
from labeling.services import networks
from labeling.services.measures import measures_work
from labeling.services.networks import NETWORKS_KEPT, network_load
from tests.labeling.tiny_studies import TINY, add_tiny_photos, find_regions, make_tiny_study

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_kept(settings: Settings) -> None:
    settings.GLIMPSE_NETWORK_FACTORIES = [TINY]
    networks._loaded.cache_clear()


def make_network(number: int) -> Network:
    """A row of its own network: another file of class names is another network."""
    network = Network.objects.create(name=TINY)
    network.classes.name = f"names-{number}.txt"
    network.classes.storage.delete(network.classes.name)
    with network.classes.storage.open(network.classes.name, "wb") as file:
        file.write(f"ant {number}\nbee\ncat\n".encode())
    network.save()
    return network


def test_studies_of_one_network_share_it() -> None:
    first, second = make_tiny_study(), make_tiny_study(preset="paper")
    assert network_load(first.network) is network_load(second.network)
    alike = Network.objects.create(name=TINY)
    assert network_load(alike) is network_load(first.network), "another row of the same network too"


def test_a_few_are_kept_and_the_others_let_go() -> None:
    rows = [make_network(number) for number in range(NETWORKS_KEPT + 2)]
    modules = [ref(network_load(row).module) for row in rows]
    gc.collect()
    assert [module() is not None for module in modules] == [False] * 2 + [True] * NETWORKS_KEPT
    assert network_load(rows[-1]).module is modules[-1]()
    assert network_load(rows[0]).class_names[0] == "ant 0", "loaded again"


def test_work_with_a_network_keeps_nothing_else_of_it() -> None:
    study = make_tiny_study()
    add_tiny_photos(study, 1)
    find_regions(study)
    assert not measures_work(study_id=study.pk, seconds=60)
    module = ref(network_load(study.network).module)
    for number in range(NETWORKS_KEPT):
        network_load(make_network(number))
    gc.collect()
    assert module() is None


def test_each_device_has_its_own(settings: Settings) -> None:
    network = make_network(0)
    on_cpu = network_load(network)
    settings.GLIMPSE_DEVICE = "nonsense"
    with pytest.raises(NetworkError):
        network_load(network)
    settings.GLIMPSE_DEVICE = "cpu"
    assert network_load(network) is on_cpu, "what failed is not kept in its place"
