"""Labels as JSON Lines: one object a label, regions identified so that the maps can be found again.

Nothing in it identifies a player: `player` is a number that only holds within one export.
"""

import json
from collections.abc import Iterator

from labeling.models import Label, Study

CHUNK = 2000


def label_lines(study: Study) -> Iterator[str]:
    """One line for every label, in the order in which they were given."""
    numbers: dict[int, int] = {}
    labels = Label.objects.filter(region__study=study).order_by("pk")
    for label in labels.select_related("round__player", "region__image").iterator(CHUNK):
        player = numbers.setdefault(label.round.player_id, len(numbers) + 1)
        yield json.dumps(_record(label, player), ensure_ascii=False) + "\n"


def _record(label: Label, player: int) -> dict[str, object]:
    region, image, round_ = label.region, label.region.image, label.round
    return {
        "label": label.text,
        "raw": label.raw,
        "language": label.language,
        "player": player,
        "simulated": round_.player.simulated,
        "level": round_.level,
        "correct": round_.correct,
        "familiar": round_.familiar,
        "surplus": not round_.holds_place,
        "quarantined": label.quarantined,
        "quarantine_reasons": label.reasons,
        "image": image.name,
        "image_sha256": image.sha256,
        "true_class": image.class_name,
        "predicted_class": image.predicted_name,
        "probability": image.probability,
        "explained_class": image.explained_name,
        "layer": region.layer,
        "region": region.index,
        "revision": region.revision,
        "sign": region.sign,
        "weight": region.weight,
        "effect": region.effect,
        "stability": region.stability,
        "area": region.area,
        "mean_activation": region.mean_activation,
        "map_indices": region.map_indices,
    }
