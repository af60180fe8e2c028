"""Results made up for tests that only draw or store them."""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.regions.results import ImageRegions, LayerRegions, Region, Seconds, Sign


def make_image_regions(layers: Mapping[str, Sequence[Sign]], class_name: str = "ant") -> ImageRegions:
    """The named layers, shallow to deep, each with a region of every sign given and a random map."""
    return ImageRegions(
        class_index=0,
        class_name=class_name,
        probability=0.5,
        logit=1.0,
        predicted_index=0,
        predicted_name=class_name,
        predicted_probability=0.5,
        layers=tuple(_layer(name, signs) for name, signs in layers.items()),
        seconds=Seconds(capture=0.0, clustering=0.0, effect=0.0, stability=0.0),
    )


def _layer(name: str, signs: Sequence[Sign]) -> LayerRegions:
    dice = np.random.default_rng(len(signs))
    regions = tuple(_region(index, sign, dice) for index, sign in enumerate(signs))
    return LayerRegions(
        name=name,
        channels=8,
        kept=1.0 if regions else 0.0,
        dropped=0.0,
        discarded=0.0 if regions else 1.0,
        opposing=0.0,
        clusters=len(signs),
        silhouette=None,
        regions=regions,
    )


def _region(index: int, sign: Sign, dice: np.random.Generator) -> Region:
    return Region(
        index=index,
        weight=0.1,
        sign=sign,
        effect=None if index % 2 else 1.25,
        stability=None,
        map_indices=(index,),
        map=dice.random((3, 4), dtype=np.float32),
        area=0.5,
        mean_activation=0.2,
    )
