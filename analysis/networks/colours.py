"""Any colour mode that an image file can have, to 8 bit sRGB."""

import re
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms, ImageFile

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
BACKGROUND = (255, 255, 255)
DEEP_MODES = ("I", "I;16", "I;16B", "I;16L", "I;16N", "F")
DEEP_COLOURS = re.compile(r"\b(RGB|RGBA|RGBX|LA|CMYK);16")
# The modes that a colour profile can be applied to, by the colour space that the profile is made for.
PROFILE_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}


def depth_notes(opened: ImageFile.ImageFile) -> tuple[str, ...]:
    """A note for 16-bit colours, of which decoding keeps the upper 8; ask before the image is decoded."""
    deep = any(DEEP_COLOURS.search(str(tile.args)) for tile in opened.tile)
    return ("The photo has 16 bits a channel: it was scaled to 8.",) if deep else ()


def to_rgb(opened: ImageFile.ImageFile) -> tuple[Image.Image, tuple[str, ...]]:
    """Convert a decoded image to RGB, 8 bit, sRGB, and say in plain sentences what that changed."""
    notes: list[str] = []
    image: Image.Image = opened
    if image.mode in DEEP_MODES:
        image = _to_8_bit(image)
        notes.append(f"The photo has more than 8 bits a channel (mode {opened.mode}): it was scaled to 8.")
    if image.mode == "CMYK":
        notes.append("The photo is made for print (CMYK): its colours were converted to RGB.")
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    image = _apply_profile(image, opened.info.get("icc_profile"), notes)
    if alpha is not None and alpha.getextrema() != (255, 255):
        image = Image.composite(image, Image.new("RGB", image.size, BACKGROUND), alpha)
        notes.append("The photo is transparent in places: they were made white.")
    return image, tuple(notes)


def _to_8_bit(image: Image.Image) -> Image.Image:
    """Scale 16-bit values by their full range, others, whose range is unknown, from least to greatest."""
    values = np.asarray(image, dtype=np.float64)
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    if image.mode != "F" and values.min() >= 0 and values.max() <= 65535:
        low, high = 0.0, 65535.0
    else:
        low, high = float(values.min()), float(values.max())
    scaled = (values - low) * (255 / max(high - low, np.finfo(np.float64).tiny))
    return Image.fromarray(np.rint(scaled).astype(np.uint8))


def _apply_profile(image: Image.Image, profile: object, notes: list[str]) -> Image.Image:
    """Convert to RGB through the embedded ICC profile where there is one that fits, else plainly."""
    if not isinstance(profile, bytes) or not profile:
        return image.convert("RGB")
    try:
        embedded = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(embedded).lower():
            return image.convert("RGB")
        mode = PROFILE_MODES[embedded.profile.xcolor_space.strip()]
        if (mode == "CMYK") != (image.mode == "CMYK"):
            raise ImageCms.PyCMSError("The profile is made for another colour space.")
        converted = ImageCms.profileToProfile(image.convert(mode), embedded, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, KeyError, OSError, ValueError, TypeError):
        notes.append("The photo's colour profile is broken or does not fit it: it was not used.")
        return image.convert("RGB")
    return image.convert("RGB") if converted is None else converted
