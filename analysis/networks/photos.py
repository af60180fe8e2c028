"""Reading photos that people upload: every kind of file, and every kind of broken file."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image, ImageFile

from analysis.networks.colours import depth_notes, to_rgb

MAX_BYTES = 64 * 1024 * 1024
MAX_MEGAPIXELS = 64
MIN_SIDE = 16
MAX_ASPECT = 20
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")  # the JPEG reader gives MPO too
FORMAT_NAMES = "JPEG, PNG, WebP, GIF, TIFF or BMP"
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class PhotoError(ValueError):
    """A photo that cannot be used. The message never names the file: whoever shows it does."""


@dataclass(frozen=True, slots=True)
class Photo:
    """An upright photo.

    Attributes:
        image: RGB, 8 bit, sRGB, with the EXIF orientation applied and no metadata left.
        notes: what was changed on the way, one plain sentence each.
    """

    image: Image.Image
    notes: tuple[str, ...]


def read_photo(source: Path | bytes | BinaryIO) -> Photo:
    """Read a photo from a file, its bytes, or an open binary stream.

    Size is judged from the header, before any pixel is decoded.

    Raises:
        PhotoError: not a photo, broken, too large, or too small; the message says what to do.
    """
    opened = _open(_read_bytes(source))
    _check_size(opened.size)
    notes = (*_frame_notes(opened), *depth_notes(opened))
    try:
        opened.load()
    except Exception as error:  # decoders raise anything, from SyntaxError to struct.error
        raise PhotoError("The photo is damaged or cut off. Copy it again, or save it anew.") from error
    rgb, colour_notes = to_rgb(opened)
    upright = _upright(opened, rgb)
    return Photo(image=upright, notes=(*notes, *colour_notes))


def _read_bytes(source: Path | bytes | BinaryIO) -> bytes:
    try:
        if isinstance(source, Path):
            with source.open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
        else:
            content = source if isinstance(source, bytes) else source.read(MAX_BYTES + 1)
    except OSError as error:
        raise PhotoError("The file cannot be opened. Check that it exists and may be read.") from error
    if not content:
        raise PhotoError("The file is empty. Copy it again, or choose another photo.")
    if len(content) > MAX_BYTES:
        raise PhotoError(f"The file is larger than {MAX_BYTES // 2**20} MB. Save the photo smaller.")
    return content


def _open(content: bytes) -> ImageFile.ImageFile:
    """Read the header only.

    `Image.open` would judge the size by a process-wide limit and raise before telling what the size is,
    so the registered readers are called directly.
    """
    Image.init()
    for name in FORMATS:
        reader, accepts = Image.OPEN[name]
        if accepts is not None and accepts(content[:16]) is True:
            try:
                return reader(BytesIO(content), "")
            except Exception as error:  # as above: a broken header raises anything
                raise PhotoError(f"The photo's header is damaged. Save it anew as {FORMAT_NAMES}.") from error
    raise PhotoError(f"The file is not a photo that can be read. Give a {FORMAT_NAMES} file.")


def _check_size(size: tuple[int, int]) -> None:
    width, height = size
    shown = f"The photo is {width} x {height} pixels:"
    if width * height > MAX_MEGAPIXELS * 1_000_000:
        raise PhotoError(f"{shown} at most {MAX_MEGAPIXELS} megapixels are read. Scale it down.")
    if min(size) < MIN_SIDE:
        raise PhotoError(f"{shown} at least {MIN_SIDE} x {MIN_SIDE} are needed. Give a larger photo.")
    if max(size) > MAX_ASPECT * min(size):
        raise PhotoError(f"{shown} one side is more than {MAX_ASPECT} times the other. Crop it.")


def _frame_notes(opened: ImageFile.ImageFile) -> tuple[str, ...]:
    """A note for an animation; an MPO's further pictures are a camera's own previews, and need none."""
    try:
        frames = int(getattr(opened, "n_frames", 1))
        if frames > 1:
            opened.seek(0)
    except Exception as error:  # as above
        raise PhotoError("The photo is damaged or cut off. Copy it again, or save it anew.") from error
    if frames == 1 or opened.format == "MPO":
        return ()
    return (f"The file has {frames} frames: the first one is used.",)


def _upright(opened: ImageFile.ImageFile, rgb: Image.Image) -> Image.Image:
    """Apply the EXIF orientation of `opened` to its converted pixels, and leave all metadata behind."""
    clean = Image.new("RGB", rgb.size)
    clean.paste(rgb)
    try:
        turn = TURNS.get(opened.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # broken EXIF raises anything, and is no reason to refuse the photo
        turn = None
    return clean if turn is None else clean.transpose(turn)
