"""Two classes of a study beside each other, from the latest explanations of their photographs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from django.db.models import OuterRef, Subquery
from numpy.typing import NDArray

from analysis.explanations.class_export import ContrastRecord, contrast_record
from analysis.explanations.class_records import ImageEvidence
from analysis.explanations.contrast import ContrastSettings, contrast
from analysis.explanations.export import LocalRecord
from analysis.labels.lemma_key import lemma_key
from analysis.labels.phrase_vectors import texts_to_embed
from analysis.labels.settings import PRESETS, LabelSettings
from labeling.models import Explanation, ImageLayer, SentenceVector, Study

DEALS = 1999
"""Of the images to the classes: a visitor waits for them."""
MOST_IMAGES, MOST_NAMES = 400, 400
"""Of each class, and of both: more would tell little more."""


@dataclass(frozen=True, slots=True)
class _Explained:
    """The latest explanation of an image, and the sentence model that it was made with."""

    image: int
    record: LocalRecord
    model: str


def contrast_of(study: Study, one: int, other: int) -> ContrastRecord:
    """Of two classes, by index. Labels meet by their lemmas, and by the vectors kept of their names."""
    ours, theirs = _latest(study, one), _latest(study, other)
    depths = ImageLayer.objects.filter(image__study=study, revision=study.revision).order_by("depth")
    layers = list(dict.fromkeys(depths.values_list("layer", flat=True).distinct()))
    layers += [name for name in _layers(ours + theirs) if name not in layers]
    settings = ContrastSettings(permutations=DEALS, labels=PRESETS[study.label_preset])
    found = contrast(
        _evidence(ours), _evidence(theirs), layers, settings, _vectors(ours + theirs, settings.labels)
    )
    return contrast_record(found)


def _latest(study: Study, class_index: int) -> list[_Explained]:
    newest = Explanation.objects.filter(image=OuterRef("image")).order_by("-revision").values("revision")[:1]
    own = Explanation.objects.filter(
        image__study=study, image__explained_class=class_index, revision=Subquery(newest)
    )
    rows = own.order_by("image").values_list("image", "result", "manifest__sentence_model")
    return [_Explained(image, record, model or "") for image, record, model in rows[:MOST_IMAGES]]


def _evidence(images: Iterable[_Explained]) -> list[ImageEvidence]:
    return [
        ImageEvidence(one.image, tuple(layer["layer"] for layer in one.record["layers"]), one.record)
        for one in images
    ]


def _layers(images: Iterable[_Explained]) -> list[str]:
    """Shallow to deep, as the explanations have them."""
    names = (layer["layer"] for one in images for layer in reversed(one.record["layers"]))
    return list(dict.fromkeys(names))


def _vectors(
    images: Iterable[_Explained], settings: LabelSettings
) -> Mapping[str, NDArray[np.float32]] | None:
    """Of names and their lemmas. None where they are not all of one model."""
    images = list(images)
    models = {one.model for one in images}
    if len(models) != 1:
        return None
    names = sorted(
        {
            label["name"]
            for one in images
            for layer in one.record["layers"]
            for region in layer["regions"]
            for label in region["labels"]
        }
    )[:MOST_NAMES]
    keys = [lemma_key(name.casefold()) for name in names]
    texts = texts_to_embed(names, keys, settings.word_weight)
    digests = {sha256(text.encode("utf-8", "surrogatepass")).digest(): text for text in texts}
    rows = SentenceVector.objects.filter(model=models.pop(), digest__in=list(digests))
    return {
        digests[bytes(digest)]: np.frombuffer(bytes(vector), dtype="<f4")
        for digest, vector in rows.values_list("digest", "vector")
    }
