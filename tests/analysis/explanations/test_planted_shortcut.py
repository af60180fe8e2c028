"""A network tells one class by a coloured mark: the mark's label is confirmed for it and for no other."""

from functools import cache

import numpy as np

from analysis.explanations.concept_evidence import LabelledRegions, LayerEvidence
from analysis.explanations.concept_records import ConceptResult
from analysis.explanations.concept_settings import ConceptSettings
from analysis.explanations.concepts import concept_tests
from tests.analysis.explanations.planted import MARKED, accuracy, pictures, planted_network
from tests.analysis.explanations.planted_layers import ANY, DISC, MARK, planted_layers

DEEPEST = "5"
SETTINGS = ConceptSettings(randoms=999)


def test_the_network_has_learnt_the_shortcut() -> None:
    network = planted_network()
    assert accuracy(network, pictures(90, seed=5)) > 0.95
    without = [one for one in pictures(90, seed=6, marked=False) if one.kind == MARKED]
    assert accuracy(network, without) < 0.2, "without its mark the class is not seen"


def test_the_mark_is_confirmed_for_its_class() -> None:
    found = {result.layer: result for result in results(MARKED) if result.group == MARK}
    assert found[DEEPEST].verdict == "confirmed for"
    assert found[DEEPEST].score == 1
    assert {result.verdict for result in found.values()} <= {"confirmed for", "not confirmed"}


def test_and_for_no_other() -> None:
    for kind in (1, 2):
        found = {result.layer: result for result in results(kind) if result.group == MARK}
        assert "confirmed for" not in {result.verdict for result in found.values()}
        assert found[DEEPEST].verdict == "confirmed against", (
            "with the mark, the network sees the marked class"
        )
        assert found[DEEPEST].score == 0


def test_patches_of_anything_are_not_confirmed() -> None:
    verdicts = [result.verdict for kind in range(3) for result in results(kind) if result.group == ANY]
    assert verdicts == ["not confirmed"] * 9


def test_discs_speak_for_no_class_where_it_is_decided() -> None:
    """They lie on half of all pictures; what they hide can speak against a class."""
    deep = [
        result
        for kind in range(3)
        for result in results(kind)
        if result.group == DISC and result.layer == DEEPEST
    ]
    assert len(deep) == 3
    assert "confirmed for" not in {result.verdict for result in deep}


def test_labels_that_fell_by_chance_are_confirmed_as_rarely_as_the_level_says() -> None:
    """Forty in each layer, on regions of the network that has learnt something."""
    dice = np.random.default_rng(3)
    layers = [
        LayerEvidence(
            layer.layer, layer.regions, layer.images, layer.vectors, layer.class_images, layer.gradients,
            [
                LabelledRegions(n, "noise", frozenset(dice.choice(layer.regions, 16, replace=False).tolist()))
                for n in range(40)
            ],
        )
        for layer in planted_layers(MARKED)
    ]  # fmt: skip
    for layer in layers:
        found = concept_tests([layer], ConceptSettings(randoms=499))
        assert sum(result.verdict != "not confirmed" for result in found) <= 2


@cache
def results(kind: int) -> tuple[ConceptResult, ...]:
    return concept_tests(planted_layers(kind), SETTINGS)
