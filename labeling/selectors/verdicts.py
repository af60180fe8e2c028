"""What concept tests have found, for the labels that pages show."""

from collections.abc import Mapping, Sequence

from analysis.explanations.concept_records import ConceptRecord
from labeling.models import ConceptTest

Verdicts = Mapping[tuple[str, int], str]
"""The verdict by layer and number of the group."""


def concept_tests(study_id: int, class_index: int | None) -> list[ConceptRecord]:
    """Of one class; [] where nothing has been tested."""
    if class_index is None:
        return []
    results = ConceptTest.objects.filter(study=study_id, explained_class=class_index)
    return results.values_list("result", flat=True).first() or []


def verdicts_in(tests: Sequence[ConceptRecord]) -> Verdicts:
    return {(test["layer"], test["group"]): test["verdict"] for test in tests}


def verdicts_of(study_id: int, class_index: int | None) -> Verdicts:
    return verdicts_in(concept_tests(study_id, class_index))
