"""What rounds had earned becomes entries of the ledger, dated when the round ended, and weekly standings."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CHUNK = 2000


def fill_ledger(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rounds, entries, standings, regions = (
        apps.get_model("labeling", name) for name in ("Round", "LedgerEntry", "Standing", "Region")
    )
    points: dict[tuple[int, int, date], int] = defaultdict(int)
    paid = rounds.objects.exclude(guess_points=0, label_points=0).exclude(ended_at=None)
    batch: list[tuple[Any, datetime]] = []
    for round_ in paid.select_related("game").order_by("pk").iterator(CHUNK):
        for kind, earned in (("guess", round_.guess_points), ("agreement", round_.label_points)):
            if not earned:
                continue
            entry = entries(
                player_id=round_.player_id, study_id=round_.game.study_id, round_id=round_.pk, kind=kind,
                points=earned, key=f"{kind}/{round_.pk}",
            )  # fmt: skip
            batch.append((entry, round_.ended_at))
            day = round_.ended_at.date()
            week = day - timedelta(days=day.weekday())
            points[round_.player_id, round_.game.study_id, week] += earned
        if len(batch) >= CHUNK:
            _write(entries, batch)
            batch = []
    _write(entries, batch)
    standings.objects.bulk_create(
        [
            standings(player_id=player, study_id=study, week=week, points=total)
            for (player, study, week), total in points.items()
        ],
        CHUNK,
    )
    for region in regions.objects.filter(reserved__gt=0).only("pk").iterator(CHUNK):
        described = rounds.objects.filter(region_id=region.pk, state="answered", holds_place=True).count()
        regions.objects.filter(pk=region.pk).update(labellings=described)


def _write(entries: Any, batch: list[tuple[Any, datetime]]) -> None:
    made = entries.objects.bulk_create([entry for entry, _ in batch])
    for entry, (_, ended_at) in zip(made, batch, strict=True):
        entry.created_at = ended_at  # which is otherwise the moment of writing
    entries.objects.bulk_update(made, ["created_at"], CHUNK)


class Migration(migrations.Migration):
    dependencies = [("labeling", "0004_game_rules")]
    operations = [migrations.RunPython(fill_ledger, migrations.RunPython.noop)]
