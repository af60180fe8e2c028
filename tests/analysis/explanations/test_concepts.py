"""Concept tests find what moves the logit, and nothing where labels fell by chance."""

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from analysis.explanations.concept_evidence import LabelledRegions, LayerEvidence
from analysis.explanations.concept_records import ConceptResult, concept_record
from analysis.explanations.concept_settings import ConceptSettings
from analysis.explanations.concepts import concept_tests
from tests.analysis.explanations.concept_layers import EACH, IMAGES, make_layer, one_of_each_image

QUICK = ConceptSettings(randoms=999)
NUMBERS = (
    "score",
    "low",
    "high",
    "random_score",
    "sensitivity",
    "p",
    "corrected_p",
    "accuracy",
    "accuracy_p",
)


def only(layer: LayerEvidence, settings: ConceptSettings = QUICK) -> ConceptResult:
    (result,) = concept_tests([layer], settings)
    return result


def along(shift: float) -> ConceptResult:
    rows = one_of_each_image()
    return only(make_layer(3, {7: rows}, shifted=rows, shift=shift))


def test_a_label_that_moves_the_logit_is_confirmed() -> None:
    result = along(6.0)
    assert (result.group, result.name, result.layer) == (7, "label 7", "deep")
    assert result.verdict == "confirmed for"
    assert (result.score, result.low, result.high) == (1, 1, 1)
    assert result.sensitivity is not None
    assert result.sensitivity > 4
    assert result.p == result.corrected_p == 1 / 1000
    assert result.accuracy == 1
    assert result.accuracy_p == 1 / 500
    assert (result.examples, result.images, result.class_images, result.sets) == (12, 12, 12, 50)


def test_the_opposite_direction_speaks_against() -> None:
    result = along(-6.0)
    assert result.verdict == "confirmed against"
    assert (result.score, result.low, result.high) == (0, 0, 0)
    assert result.sensitivity is not None
    assert result.sensitivity < -4


def test_random_scores_lie_around_a_half() -> None:
    result = along(6.0)
    assert result.random_score == pytest.approx(0.5, abs=0.07)


def test_labels_that_fell_by_chance_are_not_confirmed() -> None:
    """Forty on regions anywhere, forty in clusters of three in few images: at 5 % each, 4 by chance alone."""
    dice = np.random.default_rng(5)
    images = [dice.choice(IMAGES, 4, replace=False) for _ in range(40)]
    clusters = [
        np.concatenate([image * EACH + dice.permutation(EACH)[:3] for image in own]) for own in images
    ]
    anywhere = [dice.choice(IMAGES * EACH, 12, replace=False) for _ in range(40)]
    for seed, labels in enumerate((anywhere, clusters)):
        results = concept_tests([make_layer(seed, dict(enumerate(labels)))], QUICK)
        assert sum(result.verdict != "not confirmed" for result in results) <= 2
        small = sum(result.p is not None and result.p <= 0.05 for result in results)
        assert small <= 6, "binomial of 40 at 5 %: seven or more once in 290 times"


def test_what_cannot_be_told_from_others_is_not_confirmed_whatever_its_score() -> None:
    """A small shift in many channels: enough to turn the direction, not to recognise a region by."""
    rows = one_of_each_image()
    result = only(make_layer(2, {7: rows}, shifted=rows, shift=1.0, channels=200))
    assert result.score == 1
    assert result.corrected_p is not None
    assert result.corrected_p <= 0.05
    assert result.accuracy_p is not None
    assert result.accuracy_p > 0.05
    assert result.verdict == "not confirmed"


def changed(layer: LayerEvidence, seed: int) -> LayerEvidence:
    """The same evidence, all rows and labels in another order."""
    dice = np.random.default_rng(seed)
    rows, photos = dice.permutation(len(layer.regions)), dice.permutation(len(layer.class_images))
    return LayerEvidence(
        layer.layer,
        layer.regions[rows],
        layer.images[rows],
        layer.vectors[rows],
        layer.class_images[photos],
        layer.gradients[photos],
        [layer.labels[place] for place in dice.permutation(len(layer.labels))],
    )


def test_order_changes_nothing() -> None:
    layer = make_layer(1, {group: one_of_each_image(group) for group in (4, 2, 9)})
    settings = replace(QUICK, randoms=499)
    found = concept_tests([layer, replace(layer, layer="other")], settings)
    assert [result.group for result in found] == [2, 4, 9] * 2
    again = concept_tests([changed(replace(layer, layer="other"), 1), changed(layer, 2)], settings)
    assert again == found[3:] + found[:3]


def test_labels_and_layers_are_drawn_for_by_themselves() -> None:
    layer = make_layer(1, {4: one_of_each_image(4), 2: one_of_each_image(2)})
    both = concept_tests([layer], QUICK)
    (alone,) = concept_tests([replace(layer, labels=layer.labels[:1])], QUICK)
    assert replace(both[1], corrected_p=None) == replace(alone, corrected_p=None)


def test_another_seed_draws_others() -> None:
    layer = make_layer(1, {4: one_of_each_image(4)})
    one, other = only(layer), only(layer, replace(QUICK, seed=1))
    assert one.random_score != other.random_score
    assert one.score != other.score or one.low != other.low


def test_p_is_corrected_over_all_labels_and_layers() -> None:
    rows = one_of_each_image()
    labels = {1: rows, **{group: one_of_each_image(group) for group in range(2, 6)}}
    layers = [make_layer(n, labels, name=f"layer {n}", shifted=rows, shift=2.0) for n in range(2)]
    few = replace(layers[0], layer="few", labels=[LabelledRegions(9, "rare", frozenset({100}))])
    results = concept_tests([layers[0], few, layers[1]], QUICK)
    tested = [result for result in results if result.p is not None]
    assert len(tested) == 10
    expected = false_discovery_control([result.p for result in tested])
    assert [result.corrected_p for result in tested] == expected.tolist()


@pytest.mark.parametrize(
    ("rows", "images"),
    [
        (np.arange(7) * EACH, 7),
        (np.arange(3 * EACH), 3),
        (np.arange(IMAGES * EACH - 7), 11),
        (np.arange(0), 0),
    ],
    ids=["seven regions", "three images", "seven others", "none"],
)
def test_few_examples_get_no_verdict(rows: NDArray[np.intp], images: int) -> None:
    result = only(make_layer(3, {7: rows}, shifted=rows, shift=9.0))
    assert result.verdict == "too few examples"
    assert {getattr(result, name) for name in NUMBERS} == {None}
    assert (result.examples, result.images, result.sets) == (len(rows), images, 0)


def test_few_images_of_the_class_get_no_verdict() -> None:
    layer = make_layer(3, {7: one_of_each_image()})
    result = only(replace(layer, class_images=np.arange(3), gradients=layer.gradients[:3]))
    assert (result.verdict, result.class_images) == ("too few examples", 3)


@pytest.mark.parametrize("what", ["gradients", "vectors"])
@pytest.mark.parametrize("value", [0.0, 0.1])
def test_numbers_that_are_all_equal_confirm_nothing(what: str, value: float) -> None:
    rows = one_of_each_image()
    layer = make_layer(3, {7: rows})
    values = np.full_like(layer.vectors if what == "vectors" else layer.gradients, value)
    result = only(replace(layer, vectors=values) if what == "vectors" else replace(layer, gradients=values))
    assert result.verdict == "not confirmed"
    if what == "vectors" or not value:
        assert (result.p, result.sensitivity, result.score) == (1, 0, 0)


def test_the_same_label_twice_is_tested_twice_and_no_layer_gives_nothing() -> None:
    rows = one_of_each_image()
    first, second = concept_tests([make_layer(3, {1: rows, 2: rows}, shifted=rows, shift=6.0)], QUICK)
    assert (first.score, first.accuracy) == (second.score, second.accuracy)
    assert concept_tests([]) == ()


def test_early_stops_are_on_the_safe_side() -> None:
    """Half of all random concepts lie farther out: drawn are 499 of 4999."""
    layer = make_layer(3, {7: one_of_each_image()})
    result = only(layer, ConceptSettings())
    assert result.p is not None
    assert (result.p * 500) == pytest.approx(round(result.p * 500)), "of 499 draws"
    full = only(layer, replace(ConceptSettings(), enough=4999))
    assert full.p == pytest.approx(result.p, abs=0.07)


def test_a_result_as_json() -> None:
    record = concept_record(along(6.0))
    assert json.loads(json.dumps(record)) == record
    assert list(record) == list(ConceptResult.__slots__)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sets": 29},
        {"randoms": 498},
        {"enough": 9},
        {"examples": 1},
        {"images": 1},
        {"folds": 1},
        {"level": 0.0},
        {"level": 1.0},
        {"seed": -1},
    ],
)
def test_settings_are_checked(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"."):
        ConceptSettings(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"vectors": np.ones((59, 24))},
        {"vectors": np.ones((60, 23))},
        {"vectors": np.full((60, 24), np.nan)},
        {"gradients": np.full((12, 24), np.inf)},
        {"gradients": np.ones((11, 24))},
        {"images": np.arange(59)},
        {"regions": np.zeros(60, int)},
        {"class_images": np.zeros(12, int)},
        {"labels": [LabelledRegions(1, "a", frozenset({99}))]},
        {"labels": [LabelledRegions(1, "a", frozenset({100}))] * 2},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_evidence_is_checked(wrong: dict[str, object]) -> None:
    layer = make_layer(0, {1: one_of_each_image()})
    with pytest.raises(ValueError, match=r"columns|each|finite|once|unknown"):
        replace(layer, **wrong)  # type: ignore[arg-type]  # wrong on purpose
