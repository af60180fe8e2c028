"""Regions as a table."""

from dataclasses import replace

import pytest

from analysis.regions.results import ImageRegions
from analysis.regions.serialise import image_as_dict
from analysis.regions.table import Explained, as_table, fidelity_by_layer
from tests.analysis.regions.made import make_image_regions


def explained(effects: list[float | None], name: str = "a.jpg") -> Explained:
    """One photo with supporting regions of falling weight and these effects."""
    made = make_image_regions({"early": ["supports"], "late": ["supports"] * len(effects)})
    early, late = made.layers
    regions = tuple(
        replace(region, weight=0.4 - 0.1 * place, effect=effect, stability=0.875)
        for place, (region, effect) in enumerate(zip(late.regions, effects, strict=True))
    )
    found: ImageRegions = replace(made, layers=(early, replace(late, regions=regions)))
    return Explained(
        photo=name,
        notes=["Turned upright."],
        network="tiny",
        digest="0" * 64,
        preset="faithful",
        seed=0,
        **image_as_dict(found),
    )


def test_a_photo_with_its_regions() -> None:
    lines = as_table([explained([1.25, None])]).splitlines()
    assert lines[0] == "a.jpg: ant (50.0%)"
    assert lines[1] == "Turned upright."
    assert lines[2] == "late: 100% kept, 0% dropped, 0% discarded, 0% opposing, k 2"
    assert lines[3].split() == ["#", "sign", "weight", "effect", "stable", "maps", "area", "activation"]
    assert lines[4].split() == ["0", "supports", "40.0%", "1.25", "0.88", "1", "50.0%", "0.200"]
    assert lines[5].split() == ["1", "supports", "30.0%", "–", "0.88", "1", "50.0%", "0.200"]
    assert lines[6].startswith("early: ")
    assert len({len(line) for line in lines[3:6]}) == 1


def test_another_class_than_the_predicted_one_is_said() -> None:
    one = explained([1.0]) | {"predicted_index": 2, "predicted_name": "cat"}
    assert as_table([one]).splitlines()[1] == "predicted: cat"


def test_several_photos_end_with_the_mean_fidelity_of_each_layer() -> None:
    several = [explained([3.0, 2.0, 1.0]), explained([1.0, 3.0, 2.0]), explained([1.0, 2.0])]
    # Ranks 3, 2, 1 against 1, 3, 2: 1 - 6 * (4 + 1 + 1) / 24 = -0.5; two regions are too few.
    assert fidelity_by_layer(several) == {"late": pytest.approx([1, -0.5])}
    *_, head, late = as_table(several).splitlines()
    assert head.split() == ["fidelity", "mean", "photos"]
    assert late.split() == ["late", "0.25", "2"]


def test_a_fidelity_of_zero_counts() -> None:
    # Ranks 4, 3, 2, 1 against 2, 4, 1, 3: 1 - 6 * (4 + 1 + 1 + 4) / 60 = 0.
    several = [explained([2.0, 4.0, 1.0, 3.0]), explained([4.0, 3.0, 2.0, 1.0])]
    assert fidelity_by_layer(several) == {"late": pytest.approx([0, 1])}


def test_fidelity_stands_beside_its_layer_where_it_is_known() -> None:
    (line,) = [line for line in as_table([explained([3.0, 2.0, 1.0])]).splitlines() if "fidelity" in line]
    assert line.endswith(", k 3, fidelity 1.00")
    assert "fidelity" not in as_table([explained([None, None, None])] * 2)


def test_a_photo_that_could_not_be_read() -> None:
    table = as_table([{"photo": "b.jpg", "error": "Broken."}, explained([3.0, 2.0, 1.0])])
    assert table.splitlines()[0] == "b.jpg: Broken."
    assert table.splitlines()[-1].split() == ["late", "1.00", "1"]
