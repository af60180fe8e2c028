"""Whether regions can be believed: fidelity, stability, and what their maps show, for each preset."""

from collections.abc import Sequence
from statistics import mean

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter
from sklearn.metrics import adjusted_rand_score

from analysis.networks.network import Network
from analysis.regions import explain
from analysis.regions.fidelity import fidelity
from analysis.regions.recipe import Maps
from analysis.regions.results import ImageRegions, LayerRegions, Region
from analysis.regions.reveals import top_pixels
from analysis.regions.settings import Preset, RegionSettings
from analysis.regions.upsampling import upsample
from tests.benchmarks.networks import WITH_WEIGHTS, network, photos
from tests.benchmarks.tables import Cell, publish

pytestmark = pytest.mark.benchmark_table
SHOWN, SOFT = 0.3, 1 / 32  # of the pixels; standard deviation of the masks' edge in sides
HEAVIEST = 3
PRESETS: tuple[Preset, ...] = ("faithful", "paper", "integrated")


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def supporting(layer: LayerRegions) -> list[Region]:
    return [region for region in layer.regions if region.sign == "supports"]


def likeness(layers: Sequence[LayerRegions]) -> float:
    """Mean correlation between the maps of two supporting regions of a layer."""
    values = []
    for layer in layers:
        maps = [upsample(region.map, (56, 56)).ravel() for region in supporting(layer)]
        if len(maps) > 1:
            pairs = np.atleast_2d(np.corrcoef(maps))[np.triu_indices(len(maps), 1)]
            values.append(float(pairs.mean()))
    return mean(values)


@pytest.mark.parametrize("name", WITH_WEIGHTS)
def test_fidelity_and_noise(name: str) -> None:
    net = network(name)
    rows: list[dict[str, Cell]] = []
    for preset in PRESETS[:2]:
        found = [explain(net, photo, RegionSettings(preset=preset, stability=True)) for photo in photos()]
        rows.append({"preset": preset, **believed([layer for one in found for layer in one.layers])})
    chosen = photos()[::4]
    found = [explain(net, photo, RegionSettings(preset="integrated")) for photo in chosen]
    rows.append({"preset": "integrated", **believed([layer for one in found for layer in one.layers])})
    publish(
        f"belief-{name}",
        rows,
        f"{len(photos())} photos, {len(chosen)} for integrated. Likeness: of two regions' maps. Noise: "
        "correlation of a region's picture under image noise of 1/255, and the same weighted by weight.",
    )


def believed(layers: Sequence[LayerRegions]) -> dict[str, Cell]:
    scores = [score for score in map(fidelity, layers) if score is not None]
    regions = [region for layer in layers for region in supporting(layer)]
    stable = [(region.stability, region.weight) for region in regions if region.stability is not None]
    return {
        "layers": len(layers),
        "with fidelity": len(scores),
        "fidelity": mean(scores),
        "regions": len(regions) / len(layers),
        "kept": mean(layer.kept for layer in layers),
        "likeness": likeness(layers),
        "noise": mean(value for value, _ in stable) if stable else None,
        "noise weighted": float(np.average([v for v, _ in stable], weights=[w for _, w in stable]))
        if stable
        else None,
    }


@pytest.mark.parametrize("name", WITH_WEIGHTS)
def test_seeds_and_threads(name: str) -> None:
    net, rows = network(name), []
    for preset in PRESETS[:2]:
        settings = RegionSettings(preset=preset, effects=False)
        again: dict[str, list[float]] = {"same": [], "another seed": [], "two threads": []}
        for photo in photos():
            first = explain(net, photo, settings)
            again["same"].append(agreement(first, explain(net, photo, settings)))
            seeded = RegionSettings(preset=preset, effects=False, seed=1)
            again["another seed"].append(agreement(first, explain(net, photo, seeded)))
            torch.set_num_threads(2)
            again["two threads"].append(agreement(first, explain(net, photo, settings)))
            torch.set_num_threads(1)
        rows.append({"preset": preset, **{what: mean(values) for what, values in again.items()}})
    publish(f"repeats-{name}", rows, "Adjusted Rand index of the maps' regions, mean over layers and photos.")


def agreement(one: ImageRegions, other: ImageRegions) -> float:
    scores = []
    for left, right in zip(one.layers, other.layers, strict=True):
        scores.append(float(adjusted_rand_score(membership(left), membership(right))))
    return mean(scores)


def membership(layer: LayerRegions) -> NDArray[np.intp]:
    """The region of each feature map; -1 where it is in none."""
    places = np.full(layer.channels, -1)
    for region in layer.regions:
        places[list(region.map_indices)] = region.index
    return places


@pytest.mark.parametrize("name", WITH_WEIGHTS)
def test_keep_and_remove(name: str) -> None:
    net = network(name)
    rows: list[dict[str, Cell]] = []
    variants: tuple[tuple[str, Maps, float | None], ...] = (
        ("raw activations", "activations", None),
        ("contributions, unshared", "contributions", 1000),
        ("contributions, shared", "contributions", None),
    )
    for what, maps, sharpness in variants:
        settings = RegionSettings(maps=maps, sharpness=sharpness, effects=False)
        shares = [share for photo in photos() for share in kept_and_removed(net, photo, settings)]
        rows.append({"map": what, "keep": mean(k for k, _ in shares), "remove": mean(r for _, r in shares)})
    publish(
        f"maps-{name}",
        rows,
        "Class probability relative to the whole photo with only (keep) or without (remove) the top 30 % of "
        "each map's pixels; smooth masks, mean colour; the three heaviest regions of a layer by weight.",
    )


def kept_and_removed(net: Network, photo: Image.Image, settings: RegionSettings) -> list[tuple[float, float]]:
    """For each layer the class probability with only its regions' pixels, and without them."""
    found, pixels = explain(net, photo, settings), net.preprocessing.tensor(photo)
    side, shares = pixels.shape[-1], []
    for layer in found.layers:
        heaviest = supporting(layer)[:HEAVIEST]
        if not heaviest:
            continue
        weights = [region.weight for region in heaviest]
        shown = [top_pixels(upsample(region.map, (side, side)), SHOWN) for region in heaviest]
        masks = torch.stack(
            [torch.from_numpy(gaussian_filter(one.astype(np.float32), side * SOFT)) for one in shown]
        )
        with torch.inference_mode():
            rows = torch.cat([pixels * masks[:, None], pixels * (1 - masks[:, None])])
            sure = net.module(rows).softmax(dim=1)[:, found.class_index].numpy() / found.probability
        half = len(heaviest)
        shares.append(
            (
                float(np.average(sure[:half], weights=weights)),
                float(np.average(sure[half:], weights=weights)),
            )
        )
    return shares
