"""Explanations of classes for tests, made from what people said of its images as the services make them."""

from collections.abc import Sequence

from analysis.explanations.class_export import class_record
from analysis.explanations.class_records import ImageEvidence, OutsideRegion, Shortcut
from analysis.explanations.classwide import explain_class
from analysis.explanations.trends import class_trends
from labeling.models import ClassExplanation, Image, Study
from tests.explained import MANIFEST, Words, make_explanation
from tests.factories import make_image


def make_class(
    images: Sequence[Image],
    *,
    shortcuts: Sequence[Shortcut] = (),
    revision: int = 1,
    manifest: dict[str, object] | None = None,
) -> ClassExplanation:
    """Of images of one class that have explanations."""
    layers = list(dict.fromkeys(images[0].regions.order_by("depth").values_list("layer", flat=True)))
    evidence = [
        ImageEvidence(image.pk, tuple(layers), image.explanations.latest("revision").result)
        for image in images
    ]
    record = class_record(
        explain_class(evidence, layers), class_trends(evidence, layers, draws=99), tuple(shortcuts)
    )
    return ClassExplanation.objects.create(
        study=images[0].study,
        explained_class=images[0].explained_class or 0,
        revision=revision,
        result=record,
        manifest={**MANIFEST, **(manifest or {})},
    )


def make_described(study: Study, words: Words, *, index: int = 1, layers: int = 3) -> Image:
    """An image of a class whose heaviest regions have these words."""
    image = make_image(study, true_class=index, predicted_class=index, layers=layers)
    make_explanation(image, words)
    return image


def shortcut_of(images: Sequence[Image], group: int, name: str, *, by_place: bool = True) -> Shortcut:
    """Led by the heaviest region of each image's deepest layer."""
    regions = tuple(
        OutsideRegion(
            image.pk,
            region.layer,
            (region.pk,),
            region.weight,
            0.85 if by_place else None,
            0.31 if by_place else None,
        )
        for image in images
        for region in [image.regions.filter(index=0).order_by("-depth")[0]]
    )
    if by_place:
        return Shortcut(group, name, "place", 0.85, 0.31, 12.6, 0.12, len(images), len(images), regions)
    return Shortcut(group, name, "words", None, None, None, 0.12, len(images), len(images), regions)
