"""Local explanations: merging, weights, scores and maps by hand."""

import json
import random

import numpy as np
import pytest

from analysis.explanations.export import local_record
from analysis.explanations.local import explain_locally
from analysis.explanations.records import LocalExplanation, RegionEvidence, Sign
from analysis.explanations.shared_labels import best_labels
from analysis.labels.records import RegionLabel

NAMES = {0: "stripes", 1: "legs", 2: "mane", 3: "grass"}


def region(
    number: int,
    weight: float = 0.1,
    scores: dict[int, float] | None = None,
    *,
    layer: str = "deep",
    sign: Sign = "supports",
    players: frozenset[int] = frozenset({1}),
) -> RegionEvidence:
    labels = tuple(
        RegionLabel(number, group, NAMES[group], score, players, (f"{NAMES[group]} {number}",))
        for group, score in (scores or {}).items()
    )
    return RegionEvidence(number, layer, weight, sign, np.full((2, 3), float(number)), labels)


def merged(*regions: RegionEvidence) -> list[tuple[int, ...]]:
    (layer,) = explain_locally(regions, ["deep"]).layers
    return [explained.region_ids for explained in layer.regions]


def test_ties_are_kept_as_best_labels() -> None:
    assert best_labels(region(1, scores={0: 2.0, 1: 2.0 + 1e-12, 2: 1.9}).labels) == {0, 1}
    assert best_labels(()) == frozenset()


def test_regions_merge_transitively_through_ties() -> None:
    regions = [
        region(1, scores={0: 2.0}),
        region(2, scores={0: 1.0, 1: 1.0}),
        region(3, scores={1: 5.0, 2: 5.0}),
        region(4, scores={2: 0.5}),
        region(5, scores={3: 1.0, 0: 0.9}),
    ]
    assert merged(*regions) == [(1, 2, 3, 4), (5,)]


def test_a_label_that_is_best_in_one_region_only_merges_nothing() -> None:
    assert merged(region(1, scores={0: 2.0, 1: 1.0}), region(2, scores={1: 2.0, 0: 1.0})) == [(1,), (2,)]


def test_signs_layers_and_unlabelled_regions_stay_apart() -> None:
    regions = [
        region(1, 0.3, {0: 1.0}),
        region(2, 0.2, {0: 1.0}, sign="opposes"),
        region(3, 0.1, {0: 1.0}, layer="shallow"),
        region(4, 0.4),
        region(5, 0.4),
    ]
    explanation = explain_locally(regions, ["shallow", "middle", "deep"])
    assert [(layer.layer, [r.region_ids for r in layer.regions]) for layer in explanation.layers] == [
        ("deep", [(4,), (5,), (1,), (2,)]),
        ("middle", []),
        ("shallow", [(3,)]),
    ]


def test_weights_add_up_and_scores_and_maps_are_weighted_means() -> None:
    one = region(1, 0.3, {0: 2.0, 1: 1.0}, players=frozenset({1, 2}))
    other = region(2, 0.1, {0: 1.0, 2: 0.4}, players=frozenset({2, 3}))
    (explained,) = explain_locally([other, one], ["deep"]).layers[0].regions
    assert explained.weight == pytest.approx(0.4)
    np.testing.assert_allclose(explained.map, np.full((2, 3), 0.75 * 1 + 0.25 * 2))
    assert {label.name: label.score for label in explained.labels} == pytest.approx(
        {"stripes": 0.75 * 2 + 0.25 * 1, "legs": 0.75 * 1, "mane": 0.25 * 0.4}
    )
    stripes = explained.labels[0]
    assert (stripes.name, stripes.players, stripes.examples) == ("stripes", 3, ("stripes 1", "stripes 2"))


def test_three_labels_are_shown() -> None:
    (explained,) = (
        explain_locally([region(1, 1.0, {0: 1.0, 1: 4.0, 2: 3.0, 3: 1.0})], ["deep"]).layers[0].regions
    )
    assert [label.name for label in explained.labels] == ["legs", "mane", "grass"]


def test_regions_without_weight_average_plainly() -> None:
    regions = [region(1, 0.0, {0: 2.0}), region(3, 0.0, {0: 1.0})]
    (explained,) = explain_locally(regions, ["deep"]).layers[0].regions
    np.testing.assert_allclose(explained.map, np.full((2, 3), 2.0))
    assert explained.labels[0].score == pytest.approx(1.5)


def many() -> list[RegionEvidence]:
    rng = random.Random(7)
    return [
        region(n, rng.random(), {g: rng.choice([1.0, 2.0]) for g in rng.sample(range(4), rng.randint(0, 3))})
        for n in range(12)
    ]


def as_json(explanation: LocalExplanation) -> str:
    return json.dumps(local_record(explanation), allow_nan=False)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_regions_changes_nothing(seed: int) -> None:
    regions = many()
    shuffled = random.Random(seed).sample(regions, len(regions))
    assert as_json(explain_locally(shuffled, ["deep"])) == as_json(explain_locally(regions, ["deep"]))


def test_every_region_is_shown_once_and_no_weight_is_lost() -> None:
    regions = many()
    (layer,) = explain_locally(regions, ["deep"]).layers
    assert sorted(n for explained in layer.regions for n in explained.region_ids) == list(range(12))
    assert sum(explained.weight for explained in layer.regions) == pytest.approx(
        sum(r.weight for r in regions)
    )


def test_the_record_is_plain_json_without_maps() -> None:
    record = local_record(explain_locally([region(1, 0.5, {0: 2.0})], ["deep"]))
    label = {"group": 0, "name": "stripes", "score": 2.0, "players": 1, "examples": ["stripes 1"]}
    assert record == {
        "layers": [
            {
                "layer": "deep",
                "regions": [{"region_ids": [1], "weight": 0.5, "sign": "supports", "labels": [label]}],
            }
        ]
    }
    assert json.loads(json.dumps(record)) == record


def test_input_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown layers: elsewhere"):
        explain_locally([region(1, layer="elsewhere")], ["deep"])
    with pytest.raises(ValueError, match="unique"):
        explain_locally([region(1), region(1)], ["deep"])
    with pytest.raises(ValueError, match="not negative"):
        region(1, -0.1)
    with pytest.raises(ValueError, match="another region"):
        RegionEvidence(2, "deep", 0.1, "supports", np.zeros((2, 2)), region(1, scores={0: 1.0}).labels)
    other_shape = RegionEvidence(
        2, "deep", 0.1, "supports", np.zeros((4, 4)), region(2, scores={0: 1.0}).labels
    )
    with pytest.raises(ValueError, match="one shape"):
        explain_locally([region(1, scores={0: 1.0}), other_shape], ["deep"])
