"""What rounds had earned becomes entries of the ledger, dated when the round ended, and weekly standings."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CHUNK = 2000
LABEL_POINTS = 20  # for a label that somebody had given before, as the rules were then


def fill_ledger(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rounds, entries = (apps.get_model("labeling", name) for name in ("Round", "LedgerEntry"))
    points: dict[tuple[int, int, date], int] = defaultdict(int)
    paid = rounds.objects.exclude(guess_points=0, label_points=0).exclude(ended_at=None)
    batch: list[tuple[Any, datetime]] = []
    for round_ in paid.select_related("game").order_by("pk").iterator(CHUNK):
        made = _entries(apps, round_)
        batch += [(entry, round_.ended_at) for entry in made]
        day = round_.ended_at.date()
        week = day - timedelta(days=day.weekday())
        points[round_.player_id, round_.game.study_id, week] += sum(entry.points for entry in made)
        if len(batch) >= CHUNK:
            _write(entries, batch)
            batch = []
    _write(entries, batch)
    standings = apps.get_model("labeling", "Standing")
    standings.objects.bulk_create(
        [
            standings(player_id=player, study_id=study, week=week, points=total)
            for (player, study, week), total in points.items()
        ],
        CHUNK,
    )
    _count_labellings(apps)


def _entries(apps: Apps, round_: Any) -> list[Any]:
    """Of the guess, of each label that somebody had given before, and of what these do not come to.

    Keys are those of the game's rules, so that no event is paid once more under them.
    """
    entries = apps.get_model("labeling", "LedgerEntry")
    common = {"player_id": round_.player_id, "study_id": round_.game.study_id, "round_id": round_.pk}
    made = []
    if round_.guess_points:
        made.append(entries(**common, kind="guess", points=round_.guess_points, key=f"guess/{round_.pk}"))
    rest = round_.label_points
    for label, first in _agreed(apps, round_) if rest else ():
        rest -= LABEL_POINTS
        other = first.round.player_id
        made.append(
            entries(
                **common, kind="agreement", points=LABEL_POINTS, label_id=label.pk, by_id=first.pk,
                other_id=other, key=f"agree/{label.pk}/{other}",
            )
        )  # fmt: skip
        apps.get_model("labeling", "Label").objects.filter(pk=label.pk).update(confirmed=1)
    if rest:
        made.append(entries(**common, kind="agreement", points=rest, key=f"agreement/{round_.pk}"))
    return made


def _agreed(apps: Apps, round_: Any) -> Iterator[tuple[Any, Any]]:
    """The round's labels that others had given at its region, each with the first of those."""
    labels = apps.get_model("labeling", "Label").objects
    for label in labels.filter(round_id=round_.pk).order_by("pk"):
        earlier = labels.filter(region_id=label.region_id, text=label.text, pk__lt=label.pk)
        others = earlier.exclude(round__player_id=round_.player_id).select_related("round")
        if first := others.order_by("pk").first():
            yield label, first


def _count_labellings(apps: Apps) -> None:
    rounds, regions = apps.get_model("labeling", "Round"), apps.get_model("labeling", "Region")
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
