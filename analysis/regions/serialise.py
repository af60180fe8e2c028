"""Regions as JSON, without their maps."""

from typing import TypedDict

from analysis.regions.fidelity import fidelity
from analysis.regions.results import ImageRegions, LayerRegions, Region


class RegionDict(TypedDict):
    """A `Region`; `maps` is how many there are."""

    index: int
    weight: float
    sign: str
    effect: float | None
    stability: float | None
    maps: int
    map_indices: list[int]
    area: float
    mean_activation: float


class LayerDict(TypedDict):
    """A `LayerRegions`; `k` is how many clusters were found, shown or not."""

    name: str
    channels: int
    kept: float
    dropped: float
    discarded: float
    opposing: float
    k: int
    silhouette: float | None
    fidelity: float | None
    regions: list[RegionDict]


class SecondsDict(TypedDict):
    """A `Seconds`."""

    capture: float
    clustering: float
    effect: float
    stability: float


class ImageDict(TypedDict):
    """An `ImageRegions`."""

    class_index: int
    class_name: str
    probability: float
    logit: float
    predicted_index: int
    predicted_name: str
    predicted_probability: float
    seconds: SecondsDict
    layers: list[LayerDict]


def image_as_dict(image: ImageRegions) -> ImageDict:
    """What the command line prints of one photo."""
    seconds = image.seconds
    return {
        "class_index": image.class_index,
        "class_name": image.class_name,
        "probability": image.probability,
        "logit": image.logit,
        "predicted_index": image.predicted_index,
        "predicted_name": image.predicted_name,
        "predicted_probability": image.predicted_probability,
        "seconds": {
            "capture": seconds.capture,
            "clustering": seconds.clustering,
            "effect": seconds.effect,
            "stability": seconds.stability,
        },
        "layers": [_layer_as_dict(layer) for layer in image.layers],
    }


def _layer_as_dict(layer: LayerRegions) -> LayerDict:
    return {
        "name": layer.name,
        "channels": layer.channels,
        "kept": layer.kept,
        "dropped": layer.dropped,
        "discarded": layer.discarded,
        "opposing": layer.opposing,
        "k": layer.clusters,
        "silhouette": layer.silhouette,
        "fidelity": fidelity(layer),
        "regions": [_region_as_dict(region) for region in layer.regions],
    }


def _region_as_dict(region: Region) -> RegionDict:
    return {
        "index": region.index,
        "weight": region.weight,
        "sign": region.sign,
        "effect": region.effect,
        "stability": region.stability,
        "maps": region.maps,
        "map_indices": list(region.map_indices),
        "area": region.area,
        "mean_activation": region.mean_activation,
    }
