"""The file that holds a photo's region maps."""

from io import BytesIO
from time import sleep

import numpy as np
import pytest

from analysis.regions.archive import ArchiveError, pack_maps, unpack_map
from analysis.regions.results import ImageRegions
from tests.analysis.regions.made import make_image_regions


def image(*layers: tuple[str, int]) -> ImageRegions:
    """Layers by name and number of regions."""
    return make_image_regions({name: ["supports"] * count for name, count in layers})


def test_an_archive_gives_back_every_map() -> None:
    packed = pack_maps(image(("relu#1", 3), ("none", 0), ("_blocks.7", 1)))
    for name, count in (("relu#1", 3), ("_blocks.7", 1)):
        layer = next(
            one for one in image(("relu#1", 3), ("none", 0), ("_blocks.7", 1)).layers if one.name == name
        )
        for index in range(count):
            found = unpack_map(packed, name, index)
            assert found.dtype == np.float32
            np.testing.assert_array_equal(found, layer.regions[index].map)
            np.testing.assert_array_equal(unpack_map(BytesIO(packed), name, index), found)


def test_an_archive_is_the_same_bytes_at_any_time() -> None:
    first = pack_maps(image(("a", 2)))
    sleep(2.1)  # the zip format's clock ticks every two seconds
    assert pack_maps(image(("a", 2))) == first


@pytest.mark.parametrize(("layer", "index"), [("b", 0), ("a", 2), ("a", -1)])
def test_what_an_archive_does_not_hold(layer: str, index: int) -> None:
    with pytest.raises(ArchiveError, match="holds"):
        unpack_map(pack_maps(image(("a", 2))), layer, index)


@pytest.mark.parametrize("content", [b"", b"garbage", pack_maps(image(("a", 2)))[:-30], b"\x80\x04N."])
def test_a_broken_archive(content: bytes) -> None:
    with pytest.raises(ArchiveError, match="broken"):
        unpack_map(content, "a", 0)
