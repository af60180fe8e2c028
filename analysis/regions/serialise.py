"""Regions as JSON, without their maps."""

from typing import TypedDict

from analysis.regions.results import ImageRegions, LayerRegions, Region


class RegionDict(TypedDict):
    """A `Region`; `maps` is how many there are."""

    weight: float
    sign: str
    effect: float | None
    maps: int
    map_indices: list[int]
    area: float


class LayerDict(TypedDict):
    """A `LayerRegions`."""

    name: str
    kept: float
    dropped: float
    discarded: float
    opposing: float
    regions: list[RegionDict]


class SecondsDict(TypedDict):
    """A `Seconds`."""

    capture: float
    clustering: float
    effect: float


class ImageDict(TypedDict):
    """An `ImageRegions`."""

    class_name: str
    probability: float
    seconds: SecondsDict
    layers: list[LayerDict]


def image_as_dict(image: ImageRegions) -> ImageDict:
    """What the command line prints of one photo."""
    seconds = image.seconds
    return {
        "class_name": image.class_name,
        "probability": image.probability,
        "seconds": {
            "capture": seconds.capture,
            "clustering": seconds.clustering,
            "effect": seconds.effect,
        },
        "layers": [_layer_as_dict(layer) for layer in image.layers],
    }


def _layer_as_dict(layer: LayerRegions) -> LayerDict:
    return {
        "name": layer.name,
        "kept": layer.kept,
        "dropped": layer.dropped,
        "discarded": layer.discarded,
        "opposing": layer.opposing,
        "regions": [_region_as_dict(region) for region in layer.regions],
    }


def _region_as_dict(region: Region) -> RegionDict:
    return {
        "weight": region.weight,
        "sign": region.sign,
        "effect": region.effect,
        "maps": region.maps,
        "map_indices": list(region.map_indices),
        "area": region.area,
    }
