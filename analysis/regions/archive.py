"""The region maps of one photo in one compressed file, the same bytes for the same maps."""

import zipfile
from io import BytesIO
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from analysis.regions.results import ImageRegions

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the zip format's first day, in place of a time of writing


class ArchiveError(ValueError):
    """An archive that is broken, or holds no such map."""


def pack_maps(image: ImageRegions) -> bytes:
    """Pack every region's map as an .npz that `numpy.load` reads too.

    Its arrays are called by the layers' names, each (regions, h, w) float32 in the regions' order; layers
    without a region are left out.
    """
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for layer in image.layers:
            if layer.regions:
                maps = np.stack([region.map for region in layer.regions]).astype(np.float32)
                entry = zipfile.ZipInfo(f"{layer.name}.npy", LONG_AGO)
                entry.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(entry, "w") as stream:
                    np.lib.format.write_array(stream, maps, allow_pickle=False)
    return packed.getvalue()


def unpack_map(data: bytes | BinaryIO, layer: str, index: int) -> NDArray[np.float32]:
    """One region's map, (h, w) float32.

    Args:
        data: what `pack_maps` gave, as bytes or as an open binary file that can seek.
        layer: the layer's name.
        index: the region's index in its layer.

    Raises:
        ArchiveError: not such an archive, or no such map in it.
    """
    stream = BytesIO(data) if isinstance(data, bytes) else data
    try:
        with np.load(stream, allow_pickle=False) as archive:
            maps: NDArray[np.float32] = archive[layer]
    except KeyError as error:
        raise ArchiveError(f"The archive holds no maps of the layer {layer}.") from error
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, AttributeError, TypeError) as error:
        raise ArchiveError("The archive of region maps is broken.") from error
    if not 0 <= index < len(maps):
        raise ArchiveError(f"The archive holds {len(maps)} maps of {layer}, so none with index {index}.")
    found: NDArray[np.float32] = maps[index]
    return found
