"""All layers of one photo on one picture: deep to shallow, each region over the photo with its weight.

Set in the font that Pillow brings, which knows unaccented Latin letters only.
"""

import unicodedata
from bisect import bisect_right
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from analysis.regions.overlays import render_overlay
from analysis.regions.results import ImageRegions, LayerRegions, Region

Colour = tuple[int, int, int]
GROUND, LINE = (246, 243, 236), (220, 214, 200)
TEXT, SOFT, AMBER, BLUE = (26, 29, 36), (90, 98, 112), (143, 83, 0), (20, 84, 150)
TITLE, BODY, SMALL = 40, 19, 15  # sizes of letters, pixels
BOLD = 0.7  # bold letters are drawn again this far to the right, since the font has none

MARGIN, GAP = 30, 10
PHOTO, CARD = 180, 106  # sides
LEGEND = 150  # width of what is said of a layer
CAPTION = 52  # height of what is said of a region
PER_LINE = 12
WIDTH = 2 * MARGIN + LEGEND + PER_LINE * CARD + (PER_LINE - 1) * GAP


def contact_sheet(photo_crop: Image.Image, image: ImageRegions, made_with: str = "") -> Image.Image:
    """Draw the explained class, then a row for every layer, its regions in their order.

    Regions that oppose the class lie under cold light.

    Args:
        photo_crop: RGB, square, as `Preprocessing.crop_photo` gives it.
        image: the photo's regions, from `explain`.
        made_with: network and preset, say.

    Returns:
        RGB, `WIDTH` pixels wide, as high as the layers need.
    """
    heights = [_row_height(layer) for layer in image.layers]
    top = 2 * MARGIN + PHOTO
    sheet = Image.new("RGB", (WIDTH, top + sum(heights) + MARGIN), GROUND)
    sheet.paste(photo_crop.resize((PHOTO, PHOTO), Image.Resampling.LANCZOS), (MARGIN, MARGIN))
    _title(ImageDraw.Draw(sheet), image, made_with)
    card = photo_crop.resize((CARD, CARD), Image.Resampling.LANCZOS)
    for layer, height in zip(reversed(image.layers), reversed(heights), strict=True):
        _row(sheet, top, card, layer)
        top += height
    return sheet


def _row_height(layer: LayerRegions) -> int:
    lines = max(1, -(-len(layer.regions) // PER_LINE))
    return 2 * GAP + lines * (CARD + CAPTION)


def _title(draw: ImageDraw.ImageDraw, image: ImageRegions, made_with: str) -> None:
    left, room = MARGIN + PHOTO + 2 * GAP, WIDTH - 2 * MARGIN - PHOTO - 2 * GAP
    sure = _percent(image.probability)
    name = _fitted(image.class_name, TITLE, room - _length(f" {sure}", TITLE))
    _write(draw, (left, MARGIN + 4), name, TITLE, TEXT, bold=True)
    _write(draw, (left + _length(f"{name} ", TITLE), MARGIN + 4), sure, TITLE, AMBER, bold=True)
    says = (
        "Layers from deep to shallow. Each region has its share of the layer's evidence,",
        "and how far the class's logit drops without it. Under blue light: against the class.",
    )
    predicted = image.predicted_index != image.class_index
    said = f"The network says {image.predicted_name}." if predicted else ""
    for line, text in enumerate((*says, f"{made_with}  {said}".strip())):
        _write(draw, (left, MARGIN + 70 + 28 * line), text, BODY, SOFT)


def _row(sheet: Image.Image, top: int, card: Image.Image, layer: LayerRegions) -> None:
    draw = ImageDraw.Draw(sheet)
    draw.line((MARGIN, top, WIDTH - MARGIN, top), LINE, 2)
    left_out = layer.dropped + layer.discarded
    shares = (
        f"{_percent(layer.kept)} for",
        f"{_percent(layer.opposing)} against",
        f"{_percent(left_out)} left out",
    )
    lines = (layer.name, *shares) if layer.regions else (layer.name, "no region")
    for line, text in enumerate(lines):
        place = (MARGIN, top + GAP + 25 * line)
        _write(draw, place, _fitted(text, BODY, LEGEND - GAP), BODY, SOFT if line else TEXT, bold=not line)
    for number, region in enumerate(layer.regions):
        left = MARGIN + LEGEND + number % PER_LINE * (CARD + GAP)
        _card(sheet, (left, top + GAP + number // PER_LINE * (CARD + CAPTION)), card, region)


def _card(sheet: Image.Image, place: tuple[int, int], card: Image.Image, region: Region) -> None:
    left, top = place
    sheet.paste(render_overlay(card, region.map, region.sign), place)
    draw, against = ImageDraw.Draw(sheet), region.sign == "opposes"
    _write(draw, (left, top + CARD + 3), _percent(region.weight), BODY, BLUE if against else AMBER, bold=True)
    said = "against" if against else ""
    if region.effect is not None:
        said = f"drop  {region.effect:.2f}"
    _write(draw, (left, top + CARD + 26), said, SMALL, SOFT)


def _percent(share: float) -> str:
    """With a digit behind the point below ten."""
    return f"{100 * share:.1f} %" if share < 0.0995 else f"{100 * share:.0f} %"


def _write(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, int],
    text: str,
    size: int,
    colour: Colour,
    *,
    bold: bool = False,
) -> None:
    left, top = place
    for shift in (0, BOLD) if bold else (0,):
        draw.text((left + shift, top), text, colour, _font(size))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _length(text: str, size: int) -> float:
    return _font(size).getlength(text)


def _fitted(text: str, size: int, room: float) -> str:
    """The text in letters that the font knows, its end cut off where it is too long."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = plain.encode("ascii", "replace").decode()
    if _length(plain, size) <= room:
        return plain
    fits = bisect_right(range(len(plain)), room, key=lambda end: _length(f"{plain[:end]}…", size))
    return f"{plain[: fits - 1]}…"
