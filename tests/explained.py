"""Explanations for tests, as the services would write them, from the regions that an image has."""

from analysis.explanations.export import LabelRecord, LocalRecord, RegionRecord
from labeling.models import ConceptTest, Explanation, Image, Region
from labeling.models.image import Sign

MANIFEST = {
    "labels": 9,
    "players": 4,
    "simulated": 0,
    "network": {"name": "efficientnet_lite0", "digest": "00ff"},
    "region_revision": 1,
    "sentence_model": "minilm",
    "sentence_languages": ["en"],
    "label_preset": "glimpse",
    "settings": {"max_distance": 0.55},
    "glimpse": "0.1",
}
Words = dict[str, list[tuple[int, str, int]]]
"""By layer, the labels of its heaviest supporting region: group, name, players; the best comes first."""


def make_explanation(
    image: Image, words: Words, *, revision: int = 1, manifest: dict[str, object] | None = None
) -> Explanation:
    """The heaviest supporting region of each layer has the labels; the others have none."""
    return Explanation.objects.create(
        image=image,
        revision=revision,
        result=local_result(image, words),
        manifest={**MANIFEST, **(manifest or {})},
    )


def local_result(image: Image, words: Words) -> LocalRecord:
    regions = list(image.regions.order_by("-depth", "index"))
    names = list(dict.fromkeys(region.layer for region in regions))
    return {
        "layers": [
            {
                "layer": name,
                "regions": [
                    _region(region, words.get(name, []) if region.index == 0 else [])
                    for region in regions
                    if region.layer == name
                ],
            }
            for name in names
        ]
    }


def _region(region: Region, words: list[tuple[int, str, int]]) -> RegionRecord:
    return {
        "region_ids": [region.pk],
        "weight": region.weight,
        "sign": "supports" if region.sign == Sign.SUPPORTS else "opposes",
        "labels": [_label(place, *one) for place, one in enumerate(words)],
    }


def _label(place: int, group: int, name: str, players: int) -> LabelRecord:
    """Scores fall by a quarter from label to label; it was typed as it is called, with an article before."""
    return {
        "group": group,
        "name": name,
        "score": players / (1 + place / 4),
        "players": players,
        "examples": [f"the {name}"],
    }


def make_concept_test(image: Image, layer: str, group: int, name: str, verdict: str) -> ConceptTest:
    """Of the image's class."""
    record = {
        "group": group, "name": name, "layer": layer, "verdict": verdict, "score": 0.875, "low": 0.75,
        "high": 1.0, "random_score": 0.5, "sensitivity": 3.2, "p": 0.004, "corrected_p": 0.016,
        "accuracy": 0.91, "accuracy_p": 0.002, "class_images": 8, "examples": 12, "images": 6, "sets": 30,
    }  # fmt: skip
    assert image.explained_class is not None
    found, _ = ConceptTest.objects.get_or_create(
        study=image.study, explained_class=image.explained_class, defaults={"result": [], "manifest": {}}
    )
    found.result = [*found.result, record]
    found.save()
    return found
