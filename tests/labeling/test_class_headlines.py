"""One sentence of a class, by hand."""

from itertools import permutations

import pytest

from analysis.explanations.class_export import ClassLabelRecord, ClassRecord, ShortcutRecord
from labeling.selectors.class_headlines import ClassHeadline, class_headline, shortest_run

NAMES = {1: "stripes", 2: "legs", 3: "grass", 4: "mane", 5: "sky", 6: "dust", 7: "fur"}


def label(group: int, score: float, images: int = 3) -> ClassLabelRecord:
    return {
        "group": group, "name": NAMES[group], "score": score, "weight": 0.2, "images": images,
        "share": images / 3, "leading": images, "quotes": [],
        "examples": [{"image": n, "region_ids": [n], "weight": 0.2, "score": 1.0} for n in range(images)],
    }  # fmt: skip


def record(*layers: dict[int, float], shortcuts: tuple[int, ...] = (), images: int = 3) -> ClassRecord:
    """Layers shallow to deep, with the scores of their labels."""
    return {
        "images": list(range(images)),
        "layers": [
            {
                "layer": f"layer {place}",
                "images": images,
                "supporting": [label(group, score, images) for group, score in scores.items()],
                "opposing": [label(7, 99.0)],
            }
            for place, scores in enumerate(layers)
        ],
        "trends": {
            "layers": [],
            "sign": "supports",
            "trends": [],
            "rising": [],
            "falling": [],
            "reason": None,
        },
        "shortcuts": [shortcut(group) for group in shortcuts],
    }


def shortcut(group: int) -> ShortcutRecord:
    """By place where the group's number is odd."""
    return {
        "group": group, "name": NAMES[group], "basis": "place" if group % 2 else "words",
        "outside": None, "expected": None, "density": None, "weight": 0.1,
        "images": 2, "of_images": 2, "regions": [],
    }  # fmt: skip


def said(found: ClassHeadline) -> list[tuple[str, int, int, list[str]]]:
    return [(part.span, part.first, part.last, [one.name for one in part.labels]) for part in found.parts]


@pytest.mark.parametrize(
    ("scores", "run"),
    [
        ([1, 1, 1], (2, 3)),  # two hold 2 of 3; of equal runs the deepest
        ([1, 1, 1, 1], (2, 4)),  # two hold a half only
        ([0, 0, 5], (3, 3)),
        ([5, 0, 0], (1, 1)),
        ([0, 4, 4, 1], (2, 3)),
        ([3, 0, 0, 3], (1, 4)),  # a half at either end
        ([0, 0, 0], (3, 3)),
        ([7], (1, 1)),
        ([0.1, 0.1, 0.1], (2, 3)),  # 0.2 of 0.3: rounding decides nothing
    ],
)
def test_the_shortest_run_holds_two_thirds(scores: list[float], run: tuple[int, int]) -> None:
    assert shortest_run(scores) == run


def test_labels_stand_by_the_layers_where_they_are_strong() -> None:
    found = class_headline(
        record({5: 4}, {1: 1}, {1: 3, 3: 1}, {1: 3, 2: 4, 4: 3, 3: 1.5}, shortcuts=(5, 3, 2)),
    )
    assert said(found) == [
        ("shallowest", 1, 1, ["sky"]),
        ("from", 3, 4, ["stripes", "grass"]),
        ("deepest", 4, 4, ["legs", "mane"]),
    ]
    assert found.shortcuts == ["sky", "grass"]


def test_every_span_has_its_word() -> None:
    layers = [{1: 1.0, 2: 1.0}, {2: 1.0, 3: 1.0}, {3: 1.0, 4: 2.0}, {1: 1.0}]
    assert said(class_headline(record(*layers))) == [
        ("to", 1, 2, ["legs"]),
        ("all", 1, 4, ["stripes"]),
        ("between", 2, 3, ["grass"]),
        ("one", 3, 3, ["mane"]),
    ]


def test_one_layer_is_all_layers() -> None:
    assert said(class_headline(record({1: 2.0}))) == [("all", 1, 1, ["stripes"])]


def test_weak_labels_and_those_beyond_the_fifth_are_left_out() -> None:
    strong = {group: 10.0 - group for group in range(1, 7)}
    (part,) = class_headline(record(strong)).parts
    assert [one.group for one in part.labels] == [1, 2, 3, 4, 5]
    (part,) = class_headline(record(strong), most=2).parts
    assert [one.group for one in part.labels] == [1, 2]
    (part,) = class_headline(record({1: 10.0, 2: 2.0, 3: 1.99})).parts
    assert [one.group for one in part.labels] == [1, 2], "a fifth of the highest is worth a word"


def test_what_one_image_alone_shows_waits_for_room() -> None:
    lone = record({1: 10.0, 2: 3.0, 3: 2.5, 4: 2.1, 5: 9.0})
    for place in (0, 4):
        lone["layers"][0]["supporting"][place] = label((1, 0, 0, 0, 5)[place], 10.0 - place, images=1)
    (part,) = class_headline(lone).parts
    assert [one.name for one in part.labels] == ["legs", "grass", "mane"], "three are enough without them"
    del lone["layers"][0]["supporting"][1]
    (part,) = class_headline(lone).parts
    assert [one.name for one in part.labels] == ["grass", "mane", "stripes"], "two are not"
    (part,) = class_headline(record({1: 10.0, 2: 3.0}, images=1)).parts
    assert [one.name for one in part.labels] == ["stripes", "legs"], "a class of one image has nothing else"


def test_images_count_over_all_layers() -> None:
    """One image here and another there are two."""
    spread = record({1: 4.0, 2: 9.0}, {1: 4.0, 2: 9.0}, {3: 8.0, 4: 8.0, 5: 8.0})
    for layer in spread["layers"]:
        layer["supporting"] = [label(one["group"], one["score"], images=1) for one in layer["supporting"]]
    spread["layers"][1]["supporting"][0]["examples"][0]["image"] = 2
    names = [one.name for part in class_headline(spread).parts for one in part.labels]
    assert "stripes" in names
    assert "dust" not in names
    assert len(names) == 3


def test_confirmed_labels_are_marked() -> None:
    (part,) = class_headline(record({1: 3.0, 2: 3.0}), confirmed={2}).parts
    assert [(one.name, one.confirmed) for one in part.labels] == [("legs", True), ("stripes", False)]


def test_the_order_of_labels_in_the_record_changes_nothing() -> None:
    scores = {1: 2.0, 2: 2.0, 3: 1.0, 4: 2.0}
    found = [
        said(class_headline(record(dict(order), dict(reversed(order)))))
        for order in permutations(scores.items())
    ]
    assert all(one == found[0] for one in found)


def test_without_words_there_is_nothing_to_say() -> None:
    assert class_headline(record({}, {})) == ClassHeadline([], [])
    assert class_headline(record()) == ClassHeadline([], [])
    assert class_headline(record({1: 0.0})).parts == [], "a score of 0 is of people who are not believed"
