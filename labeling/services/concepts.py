"""Concept tests of a class's labels. Runs on gpu workers; loads torch."""

from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version

from django.db import transaction

from analysis.explanations.concept_records import ConceptRecord, concept_record
from analysis.explanations.concept_settings import ConceptSettings
from analysis.explanations.concepts import concept_tests
from labeling.models import ConceptTest, Image, Study
from labeling.selectors.described import Described, described_images, frequent_labels
from labeling.services.concept_evidence import ConceptsError, concept_evidence, concept_images
from labeling.services.holding import quarantine_lock

CHANGED = "The labels changed while they were tested. Retry."


def concepts_test(*, study: Study, explained_class: int) -> bool:
    """Test the frequent labels of a class in every layer, and keep the results over those of before.

    The same labels, photographs and network give the same results. True where these are not there yet.

    Raises:
        ConceptsError: another network, a photograph that cannot be read, or labels that changed meanwhile.
        NetworkError: the network does not load or run, or its device has too little memory.
    """
    chosen = ConceptSettings(seed=study.seed)
    said = described_images(study, explained_class)
    images = concept_images(study, explained_class, said)
    labels = frequent_labels(study, explained_class, said)
    evidence = concept_evidence(study, images, said, labels, chosen)
    result = [concept_record(found) for found in concept_tests(evidence, chosen)]
    return _keep(study, explained_class, said, result, _manifest(study, images, said, chosen))


def _keep(
    study: Study,
    explained_class: int,
    said: Sequence[Described],
    result: list[ConceptRecord],
    manifest: dict[str, object],
) -> bool:
    """Nothing where the same is there already, and never what withdrawn words have led to."""
    with transaction.atomic():
        quarantine_lock(study_id=study.pk)  # as a withdrawal does
        own = ConceptTest.objects.select_for_update().filter(study=study, explained_class=explained_class)
        before = own.first()
        now = described_images(study, explained_class)
        if [one.explanation for one in now] != [one.explanation for one in said]:
            raise ConceptsError(CHANGED)
        if before is not None and (before.result, before.manifest) == (result, manifest):
            return False
        ConceptTest.objects.update_or_create(
            study=study,
            explained_class=explained_class,
            defaults={"result": result, "manifest": manifest},
        )
    return True


def _manifest(
    study: Study, images: Sequence[Image], said: Sequence[Described], chosen: ConceptSettings
) -> dict[str, object]:
    """What the tests are computed from."""
    return {
        "images": [image.pk for image in images],
        "explanations": [one.explanation for one in said],
        "network": {"name": study.network.name, "digest": study.network.digest},
        "region_revision": study.revision,
        "region_preset": study.preset,
        "settings": asdict(chosen),
        "glimpse": version("glimpse"),
    }
