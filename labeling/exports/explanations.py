"""Local explanations as JSON Lines: every image's latest revision, with the manifest of its sources."""

import json
from collections.abc import Iterator

from django.db.models import OuterRef, Subquery

from analysis.explanations.export import LocalRecord
from labeling.models import Explanation, Study


def explanation_lines(study: Study) -> Iterator[str]:
    newest = Explanation.objects.filter(image=OuterRef("image")).order_by("-revision").values("pk")[:1]
    latest = Explanation.objects.filter(image__study=study, pk=Subquery(newest)).order_by("image")
    for explanation in latest.select_related("image").iterator(500):
        image = explanation.image
        record = {
            "image": image.name,
            "image_sha256": image.sha256,
            "predicted_class": image.predicted_name,
            "explained_class": image.explained_name,
            "revision": explanation.revision,
            "manifest": explanation.manifest,
            "layers": _layers(explanation),
        }
        yield json.dumps(record, ensure_ascii=False) + "\n"


def _layers(explanation: Explanation) -> list[dict[str, object]]:
    """As computed, with regions named by their index in the layer, as in the labels' export."""
    index_of = dict(explanation.image.regions.values_list("pk", "index"))
    result: LocalRecord = explanation.result
    return [
        {
            "layer": layer["layer"],
            "regions": [
                {
                    "indices": [index_of[pk] for pk in region["region_ids"]],
                    "weight": region["weight"],
                    "sign": region["sign"],
                    "labels": region["labels"],
                }
                for region in layer["regions"]
            ],
        }
        for layer in result["layers"]
    ]
