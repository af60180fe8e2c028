"""Every kind of photo that people upload, and every kind of broken file."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms

from analysis.networks.photos import MAX_BYTES, Photo, PhotoError, read_photo


def picture(mode: str = "RGB", size: tuple[int, int] = (48, 32)) -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (*size[::-1], 3), dtype=np.uint8)
    return Image.fromarray(pixels).convert(mode)


def saved(image: Image.Image, file_format: str, **options: object) -> bytes:
    stream = BytesIO()
    image.save(stream, file_format, **options)
    return stream.getvalue()


def png(width: int, height: int, pixels: bytes, depth: int = 8) -> bytes:
    """An RGB PNG, which may claim another size than it has pixels for."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(pixels))
    return b"\x89PNG\r\n\x1a\n" + header + body + chunk(b"IEND", b"")


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has hardly any pixels."""
    return png(width, height, bytes(100))


def assert_plain(photo: Photo) -> None:
    assert photo.image.mode == "RGB"
    assert photo.image.info == {}
    assert dict(photo.image.getexif()) == {}


@pytest.mark.parametrize("file_format", ["PNG", "BMP", "TIFF", "JPEG", "WEBP", "GIF"])
def test_it_reads_every_format_from_bytes_stream_and_file(file_format: str, tmp_path: Path) -> None:
    content = saved(picture(), file_format)
    path = tmp_path / "named.wrongly"
    path.write_bytes(content)
    photos = [read_photo(content), read_photo(BytesIO(content)), read_photo(path)]
    assert len({photo.image.tobytes() for photo in photos}) == 1
    for photo in photos:
        assert_plain(photo)
        assert photo.image.size == (48, 32)
        assert photo.notes == ()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_applies_the_orientation_and_forgets_the_metadata(orientation: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = "Somebody"
    upright = Image.new("RGB", (48, 32), "blue")
    upright.paste("red", (0, 0, 8, 8))  # a red top left corner, wherever the camera stored it
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = upright if undo is None else upright.transpose(undo)
    photo = read_photo(saved(stored, "PNG", exif=exif))
    assert_plain(photo)
    assert photo.image.tobytes() == upright.tobytes()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_exif_is_no_reason_to_refuse() -> None:
    photo = read_photo(saved(picture(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xffgarbage"))
    assert photo.image.size == (48, 32)


def test_cmyk_is_converted_with_a_note() -> None:
    photo = read_photo(saved(Image.new("RGB", (32, 32), (200, 30, 30)).convert("CMYK"), "JPEG", quality=95))
    assert_plain(photo)
    assert np.abs(np.asarray(photo.image, dtype=int) - (200, 30, 30)).max() < 12
    assert [note for note in photo.notes if "CMYK" in note]


def test_sixteen_bits_are_scaled_not_clipped() -> None:
    ramp = np.linspace(0, 65535, 32 * 32).astype(np.uint16).reshape(32, 32)
    for content in (saved(Image.fromarray(ramp), "PNG"), saved(Image.fromarray(ramp), "TIFF")):
        photo = read_photo(content)
        grey = np.asarray(photo.image)[..., 0].astype(int)
        assert np.abs(grey - ramp / 257).max() <= 1
        assert any("bits" in note for note in photo.notes)


def test_sixteen_bit_colours_are_scaled_with_a_note() -> None:
    row = b"\0" + struct.pack(">HHH", 65535, 32896, 257) * 16
    photo = read_photo(png(16, 16, row * 16, depth=16))
    assert photo.image.getpixel((3, 3)) == (255, 128, 1)
    assert any("16 bits" in note for note in photo.notes)


def test_floating_point_is_scaled_from_least_to_greatest() -> None:
    values = np.linspace(-3, 7, 32 * 32, dtype=np.float32).reshape(32, 32)
    grey = np.asarray(read_photo(saved(Image.fromarray(values), "TIFF")).image)[..., 0]
    assert (grey.min(), grey.max()) == (0, 255)


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG", "TIFF"])
def test_the_first_frame_of_an_animation_is_used_with_a_note(file_format: str) -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "green", "blue")]
    photo = read_photo(saved(frames[0], file_format, save_all=True, append_images=frames[1:]))
    assert np.abs(np.asarray(photo.image, dtype=int) - (255, 0, 0)).max() < 12
    assert any("3 frames" in note for note in photo.notes)


def test_a_cameras_second_picture_needs_no_note() -> None:
    photo = read_photo(saved(picture(), "MPO", save_all=True, append_images=[picture()]))
    assert photo.notes == ()


def test_transparency_becomes_white_with_a_note() -> None:
    clear = Image.new("RGBA", (32, 32), (10, 20, 30, 255))
    clear.paste((200, 0, 0, 0), (0, 0, 16, 32))
    photo = read_photo(saved(clear, "PNG"))
    assert photo.image.getpixel((4, 4)) == (255, 255, 255)
    assert photo.image.getpixel((28, 4)) == (10, 20, 30)
    assert any("transparent" in note for note in photo.notes)


def test_an_alpha_channel_that_hides_nothing_needs_no_note() -> None:
    assert read_photo(saved(picture("RGBA"), "PNG")).notes == ()


def test_a_palette_with_a_transparent_colour_is_transparent() -> None:
    photo = read_photo(saved(Image.new("P", (32, 32), 0), "PNG", transparency=0))
    assert photo.image.getpixel((4, 4)) == (255, 255, 255)


def test_a_colour_profile_is_applied() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    photo = read_photo(saved(picture(), "PNG", icc_profile=lab))
    assert any("profile" in note for note in photo.notes)  # made for another colour space: said, not used
    swapped = _swapped_profile()
    green = read_photo(saved(Image.new("RGB", (32, 32), (255, 0, 0)), "PNG", icc_profile=swapped)).image
    red, strong, _ = np.asarray(green)[0, 0].tolist()
    assert strong > 200 > red  # this profile's first primary is sRGB's green


def test_a_broken_colour_profile_is_said_and_not_used() -> None:
    photo = read_photo(saved(picture(), "PNG", icc_profile=b"not a profile"))
    assert photo.image.tobytes() == picture().tobytes()
    assert any("profile" in note for note in photo.notes)


def _swapped_profile() -> bytes:
    """An sRGB profile whose red and green primaries are swapped, and which no longer calls itself sRGB."""
    content = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = content.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    return content.replace(b"rXYZ", b"tmpZ").replace(b"gXYZ", b"rXYZ").replace(b"tmpZ", b"gXYZ")


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty"),
    "text": (lambda: b"I am not a photo at all, only called .jpg", "not a photo"),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a photo"),
    "eps": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n", "not a photo"),
    "truncated jpeg": (lambda: saved(picture(size=(200, 200)), "JPEG")[:3000], "damaged or cut off"),
    "truncated png": (lambda: saved(picture(size=(200, 200)), "PNG")[:3000], "damaged or cut off"),
    "truncated webp": (lambda: saved(picture(size=(200, 200)), "WEBP")[:900], "damaged"),
    "only a header": (lambda: b"\xff\xd8\xff\xe0", "header is damaged"),
    "bomb": (lambda: png_header(20_000, 20_000), "20000 x 20000 pixels: at most 64 megapixels"),
    "beyond pillow's own limit": (lambda: png_header(60_000, 60_000), "60000 x 60000"),
    "between the limits": (lambda: png_header(10_000, 10_000), "10000 x 10000"),
    "zero": (lambda: png_header(0, 0), "."),
    "too small": (lambda: saved(picture(size=(15, 40)), "PNG"), "at least 16 x 16"),
    "too long": (lambda: saved(picture(size=(16, 400)), "PNG"), "20 times"),
    "too heavy": (lambda: b"\xff\xd8" + bytes(MAX_BYTES), "larger than 64 MB"),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.filterwarnings("error")
def test_a_bad_photo_is_refused_with_a_plain_sentence(kind: str, tmp_path: Path) -> None:
    make, message = BAD[kind]
    path = tmp_path / "secret_folder.jpg"
    path.write_bytes(make())
    with pytest.raises(PhotoError, match=message) as caught:
        read_photo(path)
    assert "secret_folder" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_the_smallest_and_the_longest_allowed() -> None:
    assert read_photo(saved(picture(size=(16, 320)), "PNG")).image.size == (16, 320)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="cannot be opened"):
        read_photo(tmp_path / "nowhere.jpg")


def test_pillows_own_limit_is_left_alone() -> None:
    before = Image.MAX_IMAGE_PIXELS
    with pytest.raises(PhotoError):
        read_photo(png_header(20_000, 20_000))
    assert before == Image.MAX_IMAGE_PIXELS
