"""Rows of earlier versions are worth what they were."""

from collections.abc import Iterator

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from labeling.models import Image, Region, Study
from labeling.services.studies import measures_request

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(name: str) -> Apps:
    executor = MigrationExecutor(connection)
    return executor.migrate([("labeling", name)]).apps


@pytest.fixture
def first_version() -> Iterator[Apps]:
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("labeling")[0][1]
    yield migrate("0001_initial")
    migrate(newest)


def test_what_was_prepared_explained_its_predicted_class(first_version: Apps) -> None:
    models = {
        name: first_version.get_model("labeling", name) for name in ("Network", "Study", "Image", "Region")
    }
    network = models["Network"].objects.create(name="efficientnet_lite0", digest="d" * 64)
    study = models["Study"].objects.create(slug="old", title="Old", network=network, consent_text="-")
    prepared = models["Image"].objects.create(
        study=study, sha256="1", key="1", predicted_class=88, predicted_name="macaw", true_class=3,
        probability=0.7, prepared_at=timezone.now(),
    )  # fmt: skip
    models["Image"].objects.create(study=study, sha256="2", key="2")
    models["Region"].objects.create(
        study=study, image=prepared, revision=1, layer="a", depth=0, index=0, sign="supports", weight=0.5,
        effect=1.5, map_indices=[1], area=0.2, priority=1, capacity=5,
    )  # fmt: skip
    migrate("0003_explained_is_predicted")

    done, waiting = Image.objects.order_by("sha256")
    assert (done.explained_class, done.explained_name, done.explained_probability) == (88, "macaw", 0.7)
    assert (done.network_digest, done.seconds, done.logit) == ("d" * 64, {}, None)
    assert (waiting.explained_class, waiting.explained_name, waiting.network_digest) == (None, "", "")
    region = Region.objects.get()
    assert (region.effect, region.stability, region.mean_activation) == (1.5, None, None)
    now = Study.objects.get()
    assert (now.preset, now.target, now.measure) == ("faithful", "predicted", True)
    assert measures_request(study=now) == 0, "how its regions were found is not known"
