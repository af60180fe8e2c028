"""Possible shortcuts: planted ones are found, others are not."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.explanations.class_records import Box, ImageEvidence
from analysis.explanations.outside import denser, object_cover, outside
from analysis.explanations.shortcuts import ShortcutSettings, find_shortcuts
from tests.analysis.explanations.classes import image, region

FUR, SNOW = 7, 8
HUSKY: Box = (0.25, 0.25, 0.75, 0.75)
EVEN = np.ones((4, 4))


def corners() -> NDArray[np.float64]:
    shown = np.zeros((4, 4))
    shown[[0, 0, 3, 3], [0, 3, 0, 3]] = 1
    return shown


def middle() -> NDArray[np.float64]:
    shown = np.zeros((4, 4))
    shown[1:3, 1:3] = 1
    return shown


def husky(number: int, box: Box | None = HUSKY, settled: Sequence[str] = ()) -> ImageEvidence:
    snow, fur = 10 * number, 10 * number + 1
    regions = [
        region(snow, 0.4, {SNOW: 2.0}, shown=corners()),
        region(fur, 0.6, {FUR: 3.0}, shown=middle()),
    ]
    words = {fur: tuple(settled)} if settled else {}
    return image(number, {"deep": regions}, layers=("deep",), box=box, settled=words)


def test_snow_around_the_husky_is_flagged_and_its_fur_is_not() -> None:
    (snow,) = find_shortcuts([husky(1), husky(2)], ["deep"])
    assert (snow.name, snow.basis, snow.outside, snow.expected) == ("snow", "place", 1.0, 0.75)
    assert snow.density is None, "nothing of it is inside"
    assert snow.weight == pytest.approx(0.4)
    assert (snow.images, snow.of_images) == (2, 2)
    assert [(r.image, r.region_ids) for r in snow.regions] == [(1, (10,)), (2, (20,))]


def test_a_mask_goes_before_the_box() -> None:
    everywhere_else = np.ones((8, 8), dtype=bool)
    everywhere_else[2:6, 2:6] = False
    masked = [
        ImageEvidence(one.image, (), one.explanation, HUSKY, everywhere_else) for one in (husky(1), husky(2))
    ]
    assert [shortcut.name for shortcut in find_shortcuts(masked, ["deep"])] == ["fur"]


def test_one_image_proves_nothing_and_nor_does_one_without_a_box() -> None:
    assert find_shortcuts([husky(1)], ["deep"]) == ()
    assert find_shortcuts([husky(1), husky(2, box=None)], ["deep"]) == ()


def test_a_small_object_does_not_make_every_label_a_shortcut() -> None:
    small: Box = (0.5, 0.5, 0.75, 0.75)
    images = [
        image(n, {"deep": [region(n, 1.0, {FUR: 1.0}, shown=EVEN)]}, layers=("deep",), box=small)
        for n in (1, 2)
    ]
    assert find_shortcuts(images, ["deep"]) == (), "as dense outside as inside"
    (fur,) = find_shortcuts(images, ["deep"], ShortcutSettings(min_density=1))
    assert fur.outside == pytest.approx(15 / 16)
    assert fur.density == pytest.approx(1)


def test_by_words_where_no_place_is_known() -> None:
    images = [husky(n, box=None, settled=["thick fur"]) for n in (1, 2, 3)]
    (snow,) = find_shortcuts(images, ["deep"])
    assert (snow.name, snow.basis, snow.outside, snow.images) == ("snow", "words", None, 3)
    assert find_shortcuts(images[:2], ["deep"]) == (), "two settled regions tell nothing"


def test_a_light_label_and_an_opposing_one_are_left_alone() -> None:
    assert find_shortcuts([husky(1), husky(2)], ["deep"], ShortcutSettings(min_weight=0.5)) == ()
    against = [
        image(
            n,
            {"deep": [region(n, 1.0, {SNOW: 1.0}, sign="opposes", shown=corners())]},
            layers=("deep",),
            box=HUSKY,
        )
        for n in (1, 2)
    ]
    assert find_shortcuts(against, ["deep"]) == ()


def test_shares_outside_by_hand() -> None:
    cover = object_cover(image(1, {}, box=(0, 0, 0.5, 0.75)), (2, 2))
    assert cover is not None
    np.testing.assert_allclose(cover, np.array([[1, 0], [0.5, 0]]))
    found = outside(np.array([[1.0, 1], [2, -5]]), cover)
    assert found is not None
    # mass 1, 1, 2, and nothing for the negative cell: outside 0 + 1 + 2 * 0.5
    assert found.share == pytest.approx(2 / 4)
    assert found.expected == pytest.approx(1 - 1.5 / 4)
    assert denser(0.5, 0.25) == pytest.approx(3)
    assert outside(np.zeros((2, 2)), cover) is None


@pytest.mark.parametrize("mask", [np.ones((3, 3), dtype=bool), np.zeros((3, 3), dtype=bool)])
def test_a_mask_of_all_or_nothing_tells_no_place(mask: NDArray[np.bool_]) -> None:
    assert object_cover(image(1, {}, mask=mask), (2, 2)) is None


@pytest.mark.parametrize("box", [(0.5, 0, 0.5, 1), (0, 0, 1.1, 1), (0.9, 0, 0.1, 1)])
def test_a_box_that_cannot_be_is_refused(box: Box) -> None:
    with pytest.raises(ValueError, match="box"):
        image(1, {}, box=box)


@pytest.mark.parametrize("settings", [{"min_outside": 1.1}, {"min_density": 0.5}, {"min_images": 0}])
def test_settings_out_of_range_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="min_"):
        ShortcutSettings(**settings)  # type: ignore[arg-type]
