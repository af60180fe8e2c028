"""An image's photograph as workers see it: re-encoded once, so that every run sees the same pixels."""

from io import BytesIO

import PIL.Image
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from analysis.networks.photos import Photo, read_photo
from labeling.models import Image
from labeling.services.studies import image_folder

PHOTO_SIDE = 2048
PHOTO_QUALITY = 95


def photo_read(image: Image) -> Photo:
    """The photograph; one that has just arrived is re-encoded and stored, its row not yet saved.

    Raises:
        PhotoError: with a sentence for the researcher.
        OSError: the file cannot be reached.
    """
    if not image.photo:
        with image.upload.open("rb") as file:
            arrived = read_photo(file.read())
        encoded = ContentFile(_encoded(arrived.image))
        image.photo = default_storage.save(f"{image_folder(image)}/photo.jpg", encoded)
        image.notes = list(arrived.notes)
    with image.photo.open("rb") as file:
        return read_photo(file.read())


def _encoded(photo: PIL.Image.Image) -> bytes:
    smaller = photo.copy()
    smaller.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
    buffer = BytesIO()
    smaller.save(buffer, "JPEG", quality=PHOTO_QUALITY, subsampling=0)
    return buffer.getvalue()
