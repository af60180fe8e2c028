"""The regions of one layer for one photo: weigh, discard, cluster, drop and merge its feature maps."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.regions.clustering import FEWEST_TO_CLUSTER, Clusters, cluster
from analysis.regions.merging import (
    blurred,
    coarseness,
    contribution_maps,
    heavy_enough,
    shared_maps,
    weighted_means,
)
from analysis.regions.results import LayerRegions, Region, Sign
from analysis.regions.settings import RegionSettings
from analysis.regions.upsampling import covered_share
from analysis.regions.vectors import map_vectors
from analysis.regions.weights import contributions, discard_threshold, guided_weights, surviving

FINEST_AREA = 96  # points along a side of the crop; all of 224 change an area by 0.003 on average
SIGNS: dict[Sign, float] = {"supports": 1.0, "opposes": -1.0}


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """What one sign's maps come to, in the weights' own unit."""

    total: float
    clustered: float
    clusters: Clusters
    weights: NDArray[np.float64]
    members: list[NDArray[np.intp]]
    maps: NDArray[np.float32]


def layer_regions(
    name: str, activation: Tensor, gradient: Tensor, settings: RegionSettings, side: int
) -> LayerRegions:
    """Find the regions of one layer for one photo; effects and stability are None.

    Shares are of the layer's evidence E = sum_k |c_k|. Where E is 0, everything counts as discarded.

    Args:
        name: the layer.
        activation: A, (K, h, w) float32.
        gradient: G = d logit / d A, (K, h, w) float32; averaged along a path for integrated weights.
        settings: recipe and thresholds.
        side: side of the crop, pixels, for the areas.
    """
    recipe = settings.recipe
    products = activation * gradient
    guided = recipe.weights == "guided"
    amounts = guided_weights(activation, gradient) if guided else contributions(products)
    evidence = float(np.abs(amounts).sum())
    if evidence <= 0:
        return LayerRegions(name, len(amounts), 0.0, 0.0, 1.0, 0.0, 0, None, ())
    sides = {
        sign: _one_side(activation, products, np.maximum(factor * amounts, 0), factor, settings)
        for sign, factor in SIGNS.items()
    }
    supporting, opposing = sides["supports"], sides["opposes"]
    kept = float(supporting.weights.sum())
    return LayerRegions(
        name=name,
        channels=len(amounts),
        kept=kept / evidence,
        dropped=max(supporting.clustered - kept, 0.0) / evidence,
        discarded=max(supporting.total - supporting.clustered, 0.0) / evidence,
        opposing=opposing.total / evidence,
        clusters=supporting.clusters.count,
        silhouette=supporting.clusters.silhouette,
        regions=_regions(sides, evidence, activation, side),
    )


def _one_side(
    activation: Tensor,
    products: Tensor,
    strengths: NDArray[np.float64],
    factor: float,
    settings: RegionSettings,
) -> _Side:
    """Discard, cluster, drop and merge the maps of one sign, given by `factor` as +1 or -1."""
    recipe = settings.recipe
    chosen = surviving(strengths, discard_threshold(len(strengths), settings.discard))
    if not len(chosen):
        none = Clusters(np.empty(0, dtype=np.intp), None)
        return _Side(0.0, 0.0, none, np.empty(0), [], np.empty((0, *activation.shape[1:]), np.float32))
    places = torch.from_numpy(chosen).to(activation.device)
    evidence = contribution_maps(products[places], factor)
    compared = blurred(evidence, recipe.blur, coarseness(evidence, recipe.blur))
    clusters = _clustered(compared if recipe.vectors == "contributions" else activation[places], settings)
    weights = np.bincount(clusters.labels, weights=strengths[chosen]).astype(np.float64)
    shown = np.flatnonzero(heavy_enough(weights, recipe.drop_below_heaviest, recipe.drop_below_mean))
    shown = shown[np.argsort(-weights[shown], kind="stable")]
    if recipe.maps == "contributions":
        maps = blurred(shared_maps(evidence, compared, clusters.labels, recipe.sharpness), recipe.blur)
    else:
        maps = weighted_means(activation[places], strengths[chosen], clusters.labels)
    return _Side(
        total=float(strengths.sum()),
        clustered=float(weights.sum()),
        clusters=clusters,
        weights=weights[shown],
        members=[chosen[clusters.labels == one] for one in shown],
        maps=maps.cpu().numpy()[shown],
    )


def _clustered(maps: Tensor, settings: RegionSettings) -> Clusters:
    recipe = settings.recipe
    vectors = map_vectors(maps, recipe.distance)
    if recipe.projection == "tsne" and len(maps) >= FEWEST_TO_CLUSTER:
        from analysis.regions.tsne import tsne_plane  # scikit-learn takes a second to load

        vectors = torch.from_numpy(tsne_plane(vectors.cpu().numpy(), settings.seed)).double()
    return cluster(vectors, recipe.linkage, recipe.min_regions, recipe.max_regions)


def _regions(sides: dict[Sign, _Side], evidence: float, activation: Tensor, side: int) -> tuple[Region, ...]:
    means = activation.mean(dim=(1, 2)).cpu().double().numpy()
    found = [
        (sign, float(weight) / evidence, members, region_map)
        for sign, one in sides.items()
        for weight, members, region_map in zip(one.weights, one.members, one.maps, strict=True)
    ]
    return tuple(
        Region(
            index=index,
            weight=weight,
            sign=sign,
            effect=None,
            stability=None,
            map_indices=tuple(members.tolist()),
            map=region_map,
            area=covered_share(region_map, min(side, FINEST_AREA)),
            mean_activation=float(means[members].mean()),
        )
        for index, (sign, weight, members, region_map) in enumerate(found)
    )
