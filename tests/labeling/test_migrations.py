"""Rows of earlier versions are worth what they were."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import combinations
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from labeling.models import Image, Label, LedgerEntry, Region, Round, Standing, Study
from labeling.services.agreements import Said, agreements_pay
from labeling.services.studies import measures_request
from tests.labeling.ledger import ledger_adds_up

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


def old_study(apps: Apps, images: int) -> tuple[Any, list[Any]]:
    """A study, and a region of each of its images."""
    network = apps.get_model("labeling", "Network").objects.create(name="efficientnet_lite0")
    study = apps.get_model("labeling", "Study").objects.create(slug="old", title="Old", network=network)
    regions = []
    for number in range(images):
        image = apps.get_model("labeling", "Image").objects.create(study=study, sha256=number, key=number)
        regions.append(
            apps.get_model("labeling", "Region").objects.create(
                study=study, image=image, revision=1, layer="a", depth=0, index=0, sign="supports",
                weight=0.5, map_indices=[1], area=0.2, priority=1, capacity=5, reserved=1,
            )
        )  # fmt: skip
    return study, regions


def old_game(apps: Apps, study: Any, key: str) -> Any:
    player = apps.get_model("labeling", "Player").objects.create(key=key, nickname="Otter")
    return apps.get_model("labeling", "Game").objects.create(key=key, study=study, player=player)


SUNDAY, MONDAY = datetime(2026, 1, 4, 23, 59, tzinfo=UTC), datetime(2026, 1, 5, 0, 1, tzinfo=UTC)


def test_points_of_rounds_become_entries_of_the_ledger(points_in_rounds: Apps) -> None:
    study, regions = old_study(points_in_rounds, 4)
    game = old_game(points_in_rounds, study, "g")
    player = game.player
    right = {"state": "answered", "correct": True}
    both = old_round(points_in_rounds, game, regions[0], guess_points=85, level=1, label_points=40,
                     ended_at=SUNDAY, **right)  # fmt: skip
    guess = old_round(points_in_rounds, game, regions[1], guess_points=100, ended_at=MONDAY, **right)
    old_round(points_in_rounds, game, regions[2], state="answered", ended_at=MONDAY, holds_place=False)
    old_round(points_in_rounds, game, regions[3], state="open")
    migrate("0006_points_only_in_ledger")
    migrate(newest())

    entries = LedgerEntry.objects.order_by("pk").values_list("round", "kind", "points", "key", "created_at")
    assert list(entries) == [
        (both.pk, "guess", 85, f"guess/{both.pk}", SUNDAY),
        (both.pk, "agreement", 40, f"agreement/{both.pk}", SUNDAY),
        (guess.pk, "guess", 100, f"guess/{guess.pk}", MONDAY),
    ]
    standings = Standing.objects.order_by("week").values_list("player", "study", "week", "points")
    assert list(standings) == [
        (player.pk, study.pk, date(2025, 12, 29), 125),
        (player.pk, study.pk, date(2026, 1, 5), 100),
    ]
    assert list(Region.objects.order_by("pk").values_list("labellings", flat=True)) == [1, 1, 0, 0]


def test_labels_that_were_paid_are_not_paid_once_more(points_in_rounds: Apps) -> None:
    study, (region,) = old_study(points_in_rounds, 1)
    rounds = []
    for key, words, points in (("a", ["red"], 0), ("b", ["red", "beak"], 20), ("c", ["beak", "red"], 40)):
        game = old_game(points_in_rounds, study, key)
        round_ = old_round(
            points_in_rounds, game, region, state="answered", ended_at=MONDAY, label_points=points
        )
        for word in words:
            points_in_rounds.get_model("labeling", "Label").objects.create(
                round=round_, region=region, raw=word, text=word, language="en"
            )
        rounds.append(round_)
    migrate(newest())

    first, second, third = (Round.objects.get(pk=round_.pk) for round_ in rounds)
    entries = LedgerEntry.objects.order_by("pk").values_list("round", "by__round", "label__text", "points")
    assert list(entries) == [
        (second.pk, first.pk, "red", 20),
        (third.pk, second.pk, "beak", 20),
        (third.pk, first.pk, "red", 20),
    ]
    ledger_adds_up()
    said = {label.pk: Said(label.pk, label.round_id, label.round.player_id, label.text, label.confirmed)
            for label in Label.objects.all()}  # fmt: skip
    reds = [said[label.pk] for label in Label.objects.filter(text="red").order_by("pk")]
    paid = agreements_pay(study=Study.objects.get(), pairs=combinations(reds, 2))
    assert [(entry.round_id, entry.other_id) for entry in paid] == [
        (first.pk, second.player_id),
        (first.pk, third.player_id),
        (second.pk, third.player_id),
        (third.pk, second.player_id),
    ]


def test_nothing_becomes_nothing(points_in_rounds: Apps) -> None:
    migrate("0006_points_only_in_ledger")
    assert not LedgerEntry.objects.exists()
    assert not Standing.objects.exists()
