"""The `faithful` preset: the regions of one layer, weighed by what their maps contribute to the logit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.regions.clustering import cluster
from analysis.regions.merging import contribution_maps, heavy_enough, region_maps
from analysis.regions.results import LayerRegions, Region, Sign
from analysis.regions.settings import RegionSettings
from analysis.regions.upsampling import covered_share
from analysis.regions.weights import contributions, discard_threshold, surviving

SIGNS: dict[Sign, float] = {"supports": 1.0, "opposes": -1.0}


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """What one sign's maps come to, in logit units."""

    total: float
    clustered: float
    kept: float
    silhouette: float | None
    weights: NDArray[np.float64]
    members: list[tuple[int, ...]]
    maps: NDArray[np.float32]


def layer_regions(
    name: str,
    activation: NDArray[np.float32],
    gradient: NDArray[np.float32],
    settings: RegionSettings,
    side: int,
) -> LayerRegions:
    """Find the regions of one layer for one photo; effects are None.

    Shares are of the layer's evidence E = sum_k |c_k|. Where E is 0, everything counts as discarded.

    Args:
        name: the layer.
        activation: A, (K, h, w).
        gradient: G = d logit / d A, (K, h, w).
        settings: the thresholds.
        side: side of the crop, pixels, for the areas.
    """
    amounts = contributions(activation, gradient)
    evidence = float(np.abs(amounts).sum())
    if evidence <= 0:
        return LayerRegions(name, len(amounts), 0.0, 0.0, 1.0, 0.0, None, ())
    sides = {
        sign: _one_side(
            np.maximum(factor * amounts, 0), contribution_maps(activation, gradient, factor), settings
        )
        for sign, factor in SIGNS.items()
    }
    supporting, opposing = sides["supports"], sides["opposes"]
    return LayerRegions(
        name=name,
        channels=len(amounts),
        kept=supporting.kept / evidence,
        dropped=(supporting.clustered - supporting.kept) / evidence,
        discarded=(supporting.total - supporting.clustered) / evidence,
        opposing=opposing.total / evidence,
        silhouette=supporting.silhouette,
        regions=_regions(sides, evidence, side),
    )


def _one_side(strengths: NDArray[np.float64], maps: NDArray[np.float32], settings: RegionSettings) -> _Side:
    """Discard, cluster, drop and merge the maps of one sign.

    Args:
        strengths: (K,) >= 0, zero for maps of the other sign.
        maps: (K, h, w) where they speak for this sign, >= 0.
        settings: the thresholds.
    """
    chosen = surviving(strengths, discard_threshold(len(strengths), settings.discard))
    if not len(chosen):
        return _Side(0.0, 0.0, 0.0, None, np.empty(0), [], maps[:0])
    clusters = cluster(unit_vectors(maps[chosen]), settings.min_regions, settings.max_regions)
    weights = np.bincount(clusters.labels, weights=strengths[chosen])
    shown = np.flatnonzero(heavy_enough(weights))
    shown = shown[np.argsort(-weights[shown], kind="stable")]
    return _Side(
        total=float(strengths.sum()),
        clustered=float(weights.sum()),
        kept=float(weights[shown].sum()),
        silhouette=clusters.silhouette,
        weights=weights[shown],
        members=[tuple(chosen[clusters.labels == one].tolist()) for one in shown],
        maps=region_maps(maps[chosen], clusters.labels, shown),
    )


def unit_vectors(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """The maps as vectors of length 1, so that only where they light up decides what clusters together.

    Args:
        maps: (n, h, w), none zero everywhere.

    Returns:
        (n, h * w) float32.
    """
    vectors = maps.reshape(len(maps), -1)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, np.finfo(np.float32).tiny)


def _regions(sides: dict[Sign, _Side], evidence: float, side: int) -> tuple[Region, ...]:
    found = [
        (sign, float(weight) / evidence, members, region_map)
        for sign, one in sides.items()
        for weight, members, region_map in zip(one.weights, one.members, one.maps, strict=True)
    ]
    return tuple(
        Region(index, weight, sign, None, members, region_map, covered_share(region_map, side))
        for index, (sign, weight, members, region_map) in enumerate(found)
    )
