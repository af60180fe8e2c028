"""The demo's networks: a study for each, and rows that researchers can use."""

import json

import pytest
from django.core.management import CommandError, call_command

from labeling.models import Image, Job, Network, Study
from labeling.selectors.explanations import explanation_of
from labeling.services import demo
from labeling.services.demo import NETWORKS, demo_create
from labeling.services.studies import Upload
from tests.labeling.photos import demo_photo

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_network_has_a_study_of_its_own() -> None:
    first, second = demo_create(), demo_create("squeezenet1_1")
    assert (first.slug, first.network.name) == ("demo", "efficientnet_lite0")
    assert (second.slug, second.network.name) == ("demo-squeezenet1_1", "squeezenet1_1")
    assert first.title != second.title
    assert first.images.count() == second.images.count() == 40
    assert [demo_create(name) for name in NETWORKS] == [first, second]
    assert (Image.objects.count(), Job.objects.count(), Network.objects.count()) == (80, 80, 2)


def test_every_researcher_can_use_the_networks() -> None:
    Network.objects.create(name="squeezenet1_1", weights="networks/own.safetensors")
    Network.objects.create(name="squeezenet1_1")
    Network.objects.create(name="squeezenet1_1")
    demo_create()
    shared = Network.objects.filter(owner=None, weights="", classes="")
    assert set(shared.values_list("name", flat=True)) == set(NETWORKS)
    assert demo_create("squeezenet1_1").network == shared.filter(name="squeezenet1_1").first()
    assert Study.objects.count() == 2


def test_squeezenet_explains_a_photo_of_the_demo(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    panda = Upload("panda.jpg", demo_photo("panda.jpg"), "giant panda")
    monkeypatch.setattr(demo, "_uploads", lambda: iter([panda]))
    call_command("demo", "--prepare-only", "--network", "squeezenet1_1")
    summary = json.loads(capsys.readouterr().out)
    image = Study.objects.get(slug="demo-squeezenet1_1").images.get()
    assert (summary["images"], summary["failed"]) == (1, 0)
    assert summary["regions"] == image.regions.count() > 8
    assert (image.predicted_name, image.true_class) == ("giant panda", 388)
    layers = [layer.name for layer in explanation_of(image).layers]
    assert layers == [f"features.{place}" for place in (12, 11, 10, 9, 7, 6, 4, 3)]


def test_another_network_is_not_a_demo() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'resnet18'"):
        call_command("demo", "--prepare-only", "--network", "resnet18")
    assert not Network.objects.exists()
