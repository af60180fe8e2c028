"""All layers of one photo on one picture."""

from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from analysis.regions import contact_sheet as drawn
from analysis.regions.contact_sheet import contact_sheet
from analysis.regions.results import Sign
from tests.analysis.regions.made import make_image_regions

CROP = Image.new("RGB", (300, 300), (120, 120, 120))
FIRST_CARD = drawn.MARGIN + drawn.LEGEND
FIRST_ROW = 2 * drawn.MARGIN + drawn.PHOTO + drawn.GAP


def pixels(layers: dict[str, list[Sign]], class_name: str = "ant") -> NDArray[np.int64]:
    return np.asarray(contact_sheet(CROP, make_image_regions(layers, class_name))).astype(np.int64)


def heat_of_card(sheet: NDArray[np.int64], number: int) -> NDArray[np.int64]:
    """How much redder than blue a card of the first row is, at each pixel."""
    left = FIRST_CARD + number * (drawn.CARD + drawn.GAP)
    card = sheet[FIRST_ROW : FIRST_ROW + drawn.CARD, left : left + drawn.CARD]
    return np.asarray(card[..., 0] - card[..., 2])


@pytest.mark.parametrize(("regions", "lines"), [(0, 1), (1, 1), (12, 1), (13, 2), (25, 3)])
def test_a_sheet_is_as_high_as_its_regions_need(regions: int, lines: int) -> None:
    sheet = contact_sheet(CROP, make_image_regions({"a": ["supports"] * regions, "b": ["supports"]}))
    line = drawn.CARD + drawn.CAPTION
    assert sheet.mode == "RGB"
    assert sheet.width == drawn.WIDTH <= 1600
    assert sheet.height == 3 * drawn.MARGIN + drawn.PHOTO + 4 * drawn.GAP + (lines + 1) * line
    sheet.save(BytesIO(), "JPEG")


def test_supporting_regions_are_warm_and_opposing_ones_cold() -> None:
    sheet = pixels({"a": ["supports", "opposes"]})
    assert heat_of_card(sheet, 0).max() > 60
    assert heat_of_card(sheet, 0).min() > -20
    assert heat_of_card(sheet, 1).min() < -60
    assert heat_of_card(sheet, 1).max() < 20


def test_the_deepest_layer_comes_first() -> None:
    sheet = pixels({"shallow": ["opposes"], "deep": ["supports"]})
    assert heat_of_card(sheet, 0).max() > 60


def test_a_layer_without_regions_says_so_and_draws_none() -> None:
    sheet = pixels({"empty": []})
    legend = sheet[FIRST_ROW : FIRST_ROW + drawn.CARD, drawn.MARGIN : FIRST_CARD]
    assert legend.min() < 100
    assert (sheet[FIRST_ROW : FIRST_ROW + drawn.CARD, FIRST_CARD:] == drawn.GROUND).all()


@pytest.mark.parametrize(
    "name", ["ant " * 100, "x" * 3000, "\u00fcberm\u00e4\u00dfig", "\u718a\u732b" * 300, ""]
)
def test_any_class_name_fits(name: str) -> None:
    sheet = pixels({"a" * 300: ["supports"]}, name)
    assert (sheet[:, -drawn.MARGIN + 4 :] == drawn.GROUND).all()
    assert sheet.shape == pixels({"a": ["supports"]}).shape


def test_the_photo_is_shown() -> None:
    sheet = pixels({"a": ["supports"]})
    photo = sheet[drawn.MARGIN : drawn.MARGIN + drawn.PHOTO, drawn.MARGIN : drawn.MARGIN + drawn.PHOTO]
    assert (photo == 120).all()
