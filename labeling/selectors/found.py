"""What was found in an image, as the analysis speaks of it, from its rows and its file of maps."""

from collections.abc import Sequence
from typing import cast

from analysis.regions.archive import unpack_map
from analysis.regions.results import ImageRegions, LayerRegions, Seconds, Sign
from analysis.regions.results import Region as Found
from labeling.models import Image, ImageLayer, Region


def regions_found(image: Image, regions: Sequence[Region], layers: Sequence[ImageLayer]) -> ImageRegions:
    """The rows of one image and one revision together, layers shallow to deep, regions by their index.

    Raises:
        ArchiveError: the file of maps is broken.
    """
    with image.maps.open("rb") as file:
        archive = file.read()
    return ImageRegions(
        class_index=cast("int", image.explained_class),
        class_name=image.explained_name,
        probability=cast("float", image.explained_probability),
        logit=cast("float", image.logit),
        predicted_index=cast("int", image.predicted_class),
        predicted_name=image.predicted_name,
        predicted_probability=cast("float", image.probability),
        layers=tuple(
            _layer(layer, [region for region in regions if region.layer == layer.layer], archive)
            for layer in layers
        ),
        seconds=Seconds(image.seconds["capture"], image.seconds["clustering"], 0.0, 0.0),
    )


def _layer(layer: ImageLayer, regions: Sequence[Region], archive: bytes) -> LayerRegions:
    return LayerRegions(
        name=layer.layer,
        channels=layer.channels,
        kept=layer.kept,
        dropped=layer.dropped,
        discarded=layer.discarded,
        opposing=layer.opposing,
        clusters=layer.clusters,
        silhouette=layer.silhouette,
        regions=tuple(
            Found(
                index=region.index,
                weight=region.weight,
                sign=cast("Sign", region.sign),
                effect=region.effect,
                stability=region.stability,
                map_indices=tuple(region.map_indices),
                map=unpack_map(archive, region.layer, region.index),
                area=region.area,
                mean_activation=cast("float", region.mean_activation),
            )
            for region in regions
        ),
    )
