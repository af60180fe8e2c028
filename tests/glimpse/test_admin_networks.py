"""Networks: shared ones are for all to use and for superusers to change, others are their owners'."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from labeling.models import Network
from tests.factories import make_study
from tests.glimpse.visitors import make_staff, make_superuser, signed_in

NETWORKS = reverse("admin:labeling_network_changelist")
ADD = reverse("admin:labeling_network_add")


@pytest.fixture
def owner(db: None) -> User:
    return make_staff()


@pytest.fixture
def shared(db: None) -> Network:
    return Network.objects.create(name="vgg16")


@pytest.fixture
def others(db: None) -> Network:
    return Network.objects.create(name="densenet121", owner=make_staff("hopper"))


def change(network: Network) -> str:
    return reverse("admin:labeling_network_change", args=[network.pk])


def test_a_network_belongs_to_who_added_it(owner: User) -> None:
    root = make_superuser()
    signed_in(owner).post(ADD, {"name": "resnet50", "owner": root.pk})
    assert Network.objects.get().owner == owner


def test_what_a_superuser_adds_is_shared_unless_they_say_whose(owner: User) -> None:
    client = signed_in(make_superuser())
    client.post(ADD, {"name": "resnet50"})
    client.post(ADD, {"name": "resnet18", "owner": owner.pk})
    assert dict(Network.objects.values_list("name", "owner")) == {"resnet50": None, "resnet18": owner.pk}


def test_staff_see_shared_ones_and_their_own(owner: User, shared: Network, others: Network) -> None:
    Network.objects.create(name="resnet50", owner=owner)
    page = signed_in(owner).get(NETWORKS).content.decode()
    assert ("vgg16" in page, "resnet50" in page, "densenet121" in page) == (True, True, False)


def test_staff_change_their_own_and_keep_it(owner: User) -> None:
    network = Network.objects.create(name="resnet50", owner=owner)
    root = make_superuser()
    assert signed_in(owner).post(change(network), {"name": "resnet18", "owner": root.pk}).status_code == 302
    network.refresh_from_db()
    assert (network.name, network.owner) == ("resnet18", owner)


def test_staff_look_at_shared_ones_only(owner: User, shared: Network) -> None:
    client = signed_in(owner)
    assert client.get(change(shared)).status_code == 200
    assert client.post(change(shared), {"name": "mine"}).status_code == 403
    shared.refresh_from_db()
    assert shared.name == "vgg16"


def test_staff_cannot_reach_others(owner: User, others: Network) -> None:
    client = signed_in(owner)
    assert client.get(change(others)).headers["Location"] == reverse("admin:index")
    client.post(change(others), {"name": "mine"})
    others.refresh_from_db()
    assert others.name == "densenet121"


def test_studies_offer_networks_by_the_same_rule(owner: User, shared: Network, others: Network) -> None:
    client = signed_in(owner)
    form = client.get(reverse("admin:labeling_study_add")).content.decode()
    assert f'<option value="{shared.pk}">' in form
    assert f'<option value="{others.pk}"' not in form


def test_a_study_cannot_take_anothers_network(owner: User, others: Network) -> None:
    study = make_study(owner=owner)
    address = reverse("admin:labeling_study_change", args=[study.pk])
    signed_in(owner).post(address, {"title": "Mine", "slug": study.slug, "network": others.pk})
    study.refresh_from_db()
    assert study.network_id != others.pk


def test_superusers_change_all(shared: Network, others: Network) -> None:
    client = signed_in(make_superuser())
    for network in (shared, others):
        assert client.post(change(network), {"name": "resnet18"}).status_code == 302
        network.refresh_from_db()
        assert network.name == "resnet18"
