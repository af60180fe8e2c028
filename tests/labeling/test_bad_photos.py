"""Every bad photo fails alone, with a sentence; odd ones are prepared, with a note."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import numpy as np
import PIL.Image
import pytest

from labeling.models.job import JobState
from labeling.services.preparation import regions_work
from labeling.services.studies import Upload, images_add
from tests.labeling.photos import demo_photo, job_of, make_new_study

pytestmark = pytest.mark.django_db(transaction=True)


def saved(picture: PIL.Image.Image, file_format: str, **options: object) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, file_format, **options)
    return buffer.getvalue()


def macaw() -> PIL.Image.Image:
    return PIL.Image.open(BytesIO(demo_photo("scarlet_macaw.jpg"))).convert("RGB")


def bomb() -> bytes:
    """The header of a PNG of 20,000 x 20,000 pixels, and hardly any pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def sixteen_bits() -> bytes:
    grey = np.asarray(macaw().convert("L"), dtype=np.uint16) * 257
    return saved(PIL.Image.fromarray(grey), "PNG")


def animation() -> bytes:
    return saved(macaw(), "GIF", save_all=True, append_images=[PIL.Image.new("RGB", macaw().size, "red")])


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "truncated.jpg": (lambda: demo_photo("owl.jpg")[:9000], "damaged or cut off"),
    "text.jpg": (lambda: b"Not a photo, only called .jpg", "not a photo"),
    "bomb.png": (bomb, "20000 x 20000 pixels: at most 64 megapixels"),
    "empty.png": (lambda: b"", "empty"),
}
ODD: dict[str, tuple[Callable[[], bytes], str]] = {
    "print.jpg": (lambda: saved(macaw().convert("CMYK"), "JPEG"), "CMYK"),
    "deep.png": (sixteen_bits, "more than 8 bits"),
    "moving.gif": (animation, "2 frames"),
}


def test_bad_photos_fail_alone_and_odd_ones_are_noted() -> None:
    study = make_new_study()
    good = [Upload("owl.jpg", demo_photo("owl.jpg")), Upload("cat.jpg", demo_photo("cat.jpg"))]
    other = [Upload(name, make()) for name, (make, _) in (BAD | ODD).items()]
    images_add(study=study, uploads=[*other[::2], good[0], *other[1::2], good[1]])
    assert not regions_work(study_id=study.pk, seconds=120)
    for image in study.images.order_by("pk"):
        job = job_of(image)
        if image.name in BAD:
            assert job.state == JobState.FAILED
            assert BAD[image.name][1] in job.error
            assert job.error.endswith("."), "a sentence"
            assert (str(image.photo), image.prepared_at) == ("", None)
            assert not image.regions.exists()
            assert image.upload, "kept for a retry"
        else:
            assert (job.state, job.error) == (JobState.DONE, "")
            assert image.regions.exists()
            assert not image.upload
            notes = [ODD[image.name][1]] if image.name in ODD else []
            assert len(image.notes) == len(notes)
            assert all(note in said for note, said in zip(notes, image.notes, strict=True))
    for name in ("moving.gif", "print.jpg"):
        assert study.images.get(name=name).predicted_name == "macaw"
