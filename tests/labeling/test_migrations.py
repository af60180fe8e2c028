"""Rows of earlier versions are worth what they were."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from labeling.models import Image, LedgerEntry, Region, Standing, Study
from labeling.services.studies import measures_request

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(name: str) -> Apps:
    executor = MigrationExecutor(connection)
    return executor.migrate([("labeling", name)]).apps


def newest() -> str:
    name: str = MigrationExecutor(connection).loader.graph.leaf_nodes("labeling")[0][1]
    return name


@pytest.fixture
def first_version() -> Iterator[Apps]:
    yield migrate("0001_initial")
    migrate(newest())


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
    migrate(newest())

    done, waiting = Image.objects.order_by("sha256")
    assert (done.explained_class, done.explained_name, done.explained_probability) == (88, "macaw", 0.7)
    assert (done.network_digest, done.seconds, done.logit) == ("d" * 64, {}, None)
    assert (waiting.explained_class, waiting.explained_name, waiting.network_digest) == (None, "", "")
    region = Region.objects.get()
    assert (region.effect, region.stability, region.mean_activation) == (1.5, None, None)
    now = Study.objects.get()
    assert (now.preset, now.target, now.measure) == ("faithful", "predicted", True)
    assert measures_request(study=now) == 0, "how its regions were found is not known"


@pytest.fixture
def points_in_rounds() -> Iterator[Apps]:
    """The version that kept points in the rounds, with the ledger's tables already there."""
    yield migrate("0004_game_rules")
    migrate(newest())


def old_round(apps: Apps, game: Any, region: Any, **values: object) -> Any:
    number = game.rounds.count() + 1
    return apps.get_model("labeling", "Round").objects.create(
        key=f"{game.pk}/{number}", game=game, number=number, player=game.player, region=region,
        image=region.image, options=[], leased_until=timezone.now(), **values,
    )  # fmt: skip


def test_points_of_rounds_become_entries_of_the_ledger(points_in_rounds: Apps) -> None:
    get = points_in_rounds.get_model
    network = get("labeling", "Network").objects.create(name="efficientnet_lite0")
    study = get("labeling", "Study").objects.create(slug="old", title="Old", network=network)
    regions = []
    for number in range(4):
        image = get("labeling", "Image").objects.create(study=study, sha256=number, key=number)
        regions.append(
            get("labeling", "Region").objects.create(
                study=study, image=image, revision=1, layer="a", depth=0, index=0, sign="supports",
                weight=0.5, map_indices=[1], area=0.2, priority=1, capacity=5, reserved=1,
            )
        )  # fmt: skip
    player = get("labeling", "Player").objects.create(key="p", nickname="Otter")
    game = get("labeling", "Game").objects.create(key="g", study=study, player=player)
    monday, sunday = datetime(2026, 1, 5, 0, 1, tzinfo=UTC), datetime(2026, 1, 4, 23, 59, tzinfo=UTC)
    right = {"state": "answered", "correct": True}
    both = old_round(points_in_rounds, game, regions[0], guess_points=85, level=1, label_points=40,
                     ended_at=sunday, **right)  # fmt: skip
    guess = old_round(points_in_rounds, game, regions[1], guess_points=100, ended_at=monday, **right)
    old_round(points_in_rounds, game, regions[2], state="answered", ended_at=monday, holds_place=False)
    old_round(points_in_rounds, game, regions[3], state="open")
    migrate("0006_points_only_in_ledger")
    migrate(newest())

    entries = LedgerEntry.objects.order_by("pk").values_list("round", "kind", "points", "key", "created_at")
    assert list(entries) == [
        (both.pk, "guess", 85, f"guess/{both.pk}", sunday),
        (both.pk, "agreement", 40, f"agreement/{both.pk}", sunday),
        (guess.pk, "guess", 100, f"guess/{guess.pk}", monday),
    ]
    standings = Standing.objects.order_by("week").values_list("player", "study", "week", "points")
    assert list(standings) == [
        (player.pk, study.pk, date(2025, 12, 29), 125),
        (player.pk, study.pk, date(2026, 1, 5), 100),
    ]
    assert list(Region.objects.order_by("pk").values_list("labellings", flat=True)) == [1, 1, 0, 0]


def test_nothing_becomes_nothing(points_in_rounds: Apps) -> None:
    migrate("0006_points_only_in_ledger")
    assert not LedgerEntry.objects.exists()
    assert not Standing.objects.exists()
