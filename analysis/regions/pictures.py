"""Regions as files for people who would rather look than read."""

import json
import re
from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path

from PIL import Image

from analysis.networks.network import Network
from analysis.regions.contact_sheet import contact_sheet
from analysis.regions.overlays import render_overlay
from analysis.regions.results import ImageRegions
from analysis.regions.table import Result

QUALITY = 88
NOT_IN_NAMES = re.compile(r"[^\w.]+")


class Pictures:
    """Writes below one folder: for each photo a contact sheet and a folder of overlays, and all numbers.

    Attributes:
        folder: where to; made where it is not there.
    """

    def __init__(self, folder: Path, network: Network, preset: str) -> None:
        self.folder = folder
        self._preprocessing = network.preprocessing
        self._made_with = f"{network.name}, {preset}"
        self._taken: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, photo: Image.Image, found: ImageRegions) -> None:
        """Draw one photo's regions as `NAME.jpg` and `NAME/LAYER-INDEX.jpg`; equal names get a number.

        Raises:
            OSError: the folder cannot be written to, or the disk is full.
        """
        name = self._free(name)
        crop = self._preprocessing.crop_photo(photo)
        contact_sheet(crop, found, self._made_with).save(self.folder / f"{name}.jpg", quality=QUALITY)
        overlays = self.folder / name
        overlays.mkdir(exist_ok=True)
        for layer in found.layers:
            for region in layer.regions:
                file = f"{NOT_IN_NAMES.sub('_', layer.name)}-{region.index}.jpg"
                overlay = render_overlay(crop, region.map, region.sign)
                overlay.save(overlays / file, quality=QUALITY)

    def _free(self, name: str) -> str:
        """The name, or where its files are already there, the name and the next number that is free."""
        numbered = chain([name], (f"{name}-{number}" for number in count(2)))
        free = next(one for one in numbered if self._taken.isdisjoint(_files(one)))
        self._taken |= _files(free)
        return free

    def finish(self, results: Sequence[Result]) -> None:
        """Write all numbers as `regions.json`.

        Raises:
            OSError: as above.
        """
        text = json.dumps(results, indent=2, allow_nan=False)
        (self.folder / "regions.json").write_text(f"{text}\n", encoding="utf-8")


def _files(name: str) -> set[str]:
    """What one photo takes in the folder, where capital letters may not tell files apart."""
    return {name.casefold(), f"{name}.jpg".casefold()}
