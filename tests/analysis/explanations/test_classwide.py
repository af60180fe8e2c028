"""Explanations of classes: sums, means, shares and examples by hand."""

import json
import random

import numpy as np
import pytest

from analysis.explanations.class_export import class_record
from analysis.explanations.class_records import ClassLabel, ExampleRegion, ImageEvidence
from analysis.explanations.classwide import explain_class
from analysis.explanations.export import LocalRecord, local_record
from analysis.explanations.records import ExplainedRegion, LocalExplanation
from analysis.explanations.shortcuts import find_shortcuts
from analysis.explanations.trends import class_trends
from tests.analysis.explanations.classes import LAYERS, image, region, scored


def zebras() -> list[ImageEvidence]:
    return [
        image(1, {"deep": [region(11, 0.4, {1: 3.0, 2: 1.0}), region(12, 0.2, {2: 2.0})]}),
        image(2, {"deep": [region(21, 0.5, {2: 5.0, 1: 4.0, 3: 1.0})]}),
        image(3, {"deep": [region(31, 0.1, {1: 0.5}), region(32, 0.3, {1: 2.0}, sign="opposes")]}),
        image(4, {"shallow": [region(41, 0.7, {5: 1.0})]}, layers=("shallow",)),
    ]


def deep(images: list[ImageEvidence], **options: int) -> tuple[ClassLabel, ...]:
    return explain_class(images, LAYERS, **options).layers[2].supporting


def test_scores_add_up_and_weights_and_shares_are_of_the_layers_own_images() -> None:
    legs, stripes = deep(zebras())
    assert (legs.group, legs.name, stripes.group, stripes.name) == (2, "legs", 1, "stripes")
    assert legs.score == pytest.approx(1 + 2 + 5)
    assert stripes.score == pytest.approx(3 + 4 + 0.5)
    assert legs.weight == pytest.approx((0.4 + 0.2 + 0.5) / 3)
    assert stripes.weight == pytest.approx((0.4 + 0.5 + 0.1) / 3)
    assert (legs.images, legs.leading) == (2, 2)
    assert legs.share == pytest.approx(2 / 3)
    assert (stripes.images, stripes.share, stripes.leading) == (3, 1.0, 2)


def test_examples_are_the_heaviest_region_of_each_image() -> None:
    legs, stripes = deep(zebras())
    assert legs.examples == (ExampleRegion(2, (21,), 0.5, 5.0), ExampleRegion(1, (11,), 0.4, 1.0))
    assert [example.region_ids for example in stripes.examples] == [(21,), (11,), (31,)]
    assert legs.quotes == ("legs 21", "legs 11", "legs 12")
    assert [len(label.examples) for label in deep(zebras(), examples=1)] == [1, 1]


def test_a_label_that_is_best_nowhere_is_not_listed_and_ties_are_best() -> None:
    assert 3 not in {label.group for label in deep(zebras())}
    tied = deep([image(1, {"deep": [region(1, 0.1, {1: 2.0, 2: 2.0 + 1e-12, 3: 1.9})]})])
    assert [label.name for label in tied] == ["legs", "stripes"]


def test_supporting_and_opposing_stay_apart_in_every_layer() -> None:
    explanation = explain_class(zebras(), LAYERS)
    assert [(layer.layer, layer.images) for layer in explanation.layers] == [
        ("shallow", 4), ("middle", 3), ("deep", 3),
    ]  # fmt: skip
    (against,) = explanation.layers[2].opposing
    assert (against.name, against.score, against.images, against.leading) == ("stripes", 2.0, 1, 1)
    assert explanation.layers[1].supporting == explanation.layers[1].opposing == ()
    (sky,) = explanation.layers[0].supporting
    assert sky.share == 1 / 4


def test_five_labels_are_listed_the_highest_first_and_ties_by_name() -> None:
    images = [image(1, {"deep": [region(g, 0.1, {g: 1.0 + (g == 5)}) for g in range(1, 8)]})]
    assert [label.name for label in deep(images)] == ["sky", "dust", "fur", "grass", "legs"]
    assert [label.name for label in deep(images, top=2)] == ["sky", "dust"]


def test_what_only_people_without_trust_said_is_no_label() -> None:
    assert deep([image(1, {"deep": [region(1, 0.3, {1: 0.0})]})]) == ()
    (legs,) = deep([image(1, {"deep": [region(1, 0.3, {1: 0.0, 2: 0.1})]})])
    assert legs.name == "legs"


def test_a_plain_record_says_the_same_as_the_explanation() -> None:
    plain = []
    for one in zebras():
        assert isinstance(one.explanation, LocalExplanation)
        record: LocalRecord = json.loads(json.dumps(local_record(one.explanation)))
        plain.append(ImageEvidence(one.image, one.layers, record))
    assert explain_class(plain, LAYERS) == explain_class(zebras(), LAYERS)


def test_a_label_has_the_name_that_most_regions_show() -> None:
    images = [scored(1, {}, {}, {1: 1.0}), scored(2, {}, {}, {1: 1.0})]
    record: LocalRecord = {
        "layers": [
            {
                "layer": "deep",
                "regions": [
                    {
                        "region_ids": [99],
                        "weight": 0.9,
                        "sign": "supports",
                        "labels": [
                            {"group": 1, "name": "a stripe", "score": 9.0, "players": 9, "examples": []}
                        ],
                    }
                ],
            }
        ]
    }
    (label,) = deep([*images, ImageEvidence(3, (), record)])
    assert (label.name, label.score) == ("stripes", 11.0)


def random_class(seed: int) -> list[ImageEvidence]:
    rng = random.Random(seed)

    def some(number: int) -> ExplainedRegion:
        scores = {group: rng.random() for group in rng.sample(range(1, 9), rng.randint(0, 3))}
        return region(number, rng.random(), scores, sign=rng.choice(["supports", "opposes"]))

    return [
        image(
            number,
            {layer: [some(number + 10 * place + i) for i in range(4)] for place, layer in enumerate(LAYERS)},
            box=(0.2, 0.1, 0.7, 0.9),
        )
        for number in range(0, 900, 100)
    ]


def as_json(images: list[ImageEvidence]) -> str:
    found = class_record(
        explain_class(images, LAYERS), class_trends(images, LAYERS, draws=50), find_shortcuts(images, LAYERS)
    )
    return json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_images_changes_nothing(seed: int) -> None:
    images = random_class(seed)
    assert as_json(random.Random(seed).sample(images, len(images))) == as_json(images)


@pytest.mark.parametrize("seed", range(5))
def test_sums_equal_those_of_a_plain_loop(seed: int) -> None:
    images = random_class(seed)
    total: dict[tuple[str, str, int], float] = {}
    for one in images:
        assert isinstance(one.explanation, LocalExplanation)
        for layer in one.explanation.layers:
            for shown in layer.regions:
                for label in shown.labels:
                    key = layer.layer, shown.sign, label.group
                    total[key] = total.get(key, 0) + label.score
    for found in explain_class(images, LAYERS, top=99).layers:
        for sign, labels in (("supports", found.supporting), ("opposes", found.opposing)):
            assert labels
            for own in labels:
                assert own.score == pytest.approx(total[found.layer, sign, own.group])


@pytest.mark.parametrize("images", [[], [scored(1, {}, {}, {})], [scored(1, {}, {1: 1.0}, {})]])
def test_few_images_and_no_labels_are_explained_too(images: list[ImageEvidence]) -> None:
    record = json.loads(as_json(images))
    assert [layer["layer"] for layer in record["layers"]] == list(LAYERS)
    assert record["images"] == [one.image for one in images]
    assert record["trends"]["reason"] == "fewer than two images"


def test_input_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="once"):
        explain_class([scored(1, {}, {}, {}), scored(1, {}, {}, {})], LAYERS)
    with pytest.raises(ValueError, match="unknown layers: deep"):
        explain_class([scored(1, {}, {}, {})], ["shallow", "middle"])
    with pytest.raises(ValueError, match="named once"):
        explain_class([], ["deep", "deep"])
    for bad in (float("nan"), float("inf"), -1.0):
        with pytest.raises(ValueError, match="finite and not negative"):
            explain_class([image(1, {"deep": [region(1, 0.1, {1: bad})]})], LAYERS)
        with pytest.raises(ValueError, match="finite and not negative"):
            explain_class([image(1, {"deep": [region(1, bad, {1: 1.0})]})], LAYERS)
    with pytest.raises(ValueError, match="must not be negative"):
        explain_class([], LAYERS, top=-1)
    for box in ((0.5, 0, 0.5, 1), (0, 0, 1.1, 1), (0, float("nan"), 1, 1)):
        with pytest.raises(ValueError, match="box"):
            image(1, {}, box=box)
    with pytest.raises(ValueError, match="mask"):
        image(1, {}, mask=np.zeros((0, 3), dtype=bool))
