"""The published method, step by step with NumPy and scikit-learn alone (arXiv 2405.03301)."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.metrics import silhouette_score
from torch import Tensor, nn

from analysis.networks.errors import NetworkError
from analysis.networks.network import Network
from analysis.regions import explain, explain_batch
from analysis.regions.finding import layer_regions
from analysis.regions.settings import RegionSettings
from tests.analysis.networks.tiny import tiny_network
from tests.analysis.regions.photos import assert_same, noise

PAPER = RegionSettings(preset="paper", effects=False)
THRESHOLDS = {512: 0.175, 256: 0.35, 128: 0.7, 64: 1.4}  # percent
Maps = NDArray[np.float32]


def wide(channels: int = 128) -> nn.Module:
    """Enough maps for a t-SNE plane."""
    return nn.Sequential(
        nn.Conv2d(3, channels, 5, stride=2, padding=2),
        nn.ReLU(inplace=True),
        nn.Conv2d(channels, 6, 3),
        nn.ReLU(inplace=True),
        nn.Flatten(),
        nn.Linear(6 * 36, 3),
    )


@dataclass
class Published:
    """What the published method finds: of each cluster its maps, its weight in percent, its map."""

    clusters: list[tuple[list[int], float, Maps]]
    silhouette: float
    count: int


def published(activation: Maps, gradient: Maps, seed: int) -> Published:
    guided = np.where((activation > 0) & (gradient > 0), gradient, 0).astype(np.float64).mean(axis=(1, 2))
    weights = 100 * guided / guided.sum()
    kept = np.flatnonzero(weights > THRESHOLDS[len(activation)])
    features = activation[kept].reshape(len(kept), -1)
    low, high = features.min(axis=1, keepdims=True), features.max(axis=1, keepdims=True)
    features = (features - low) / (high - low)
    reduced = PCA(min(50, *features.shape), random_state=seed).fit_transform(features)
    plane = TSNE(2, perplexity=min(30, len(kept) - 1), random_state=seed).fit_transform(reduced)
    scores: dict[float, NDArray[np.intp]] = {}
    for count in range(3, 9):
        labels = AgglomerativeClustering(count, linkage="ward").fit_predict(plane)
        scores[silhouette_score(plane.astype(np.float64), labels)] = labels
    labels = scores[max(scores)]
    heavy = np.bincount(labels, weights=weights[kept])
    shown = [one for one in np.argsort(-heavy) if heavy[one] >= max(heavy.max() / 3, heavy.mean() / 2)]
    return Published(
        [
            (
                kept[labels == one].tolist(),
                float(heavy[one]),
                np.average(activation[kept[labels == one]], axis=0, weights=weights[kept[labels == one]]),
            )
            for one in shown
        ],
        max(scores),
        int(labels.max()) + 1,
    )


def first_layer(network: Network, photo: Tensor, class_index: int) -> tuple[Maps, Maps]:
    """The ReLU's maps and their gradient, by running the two parts of the network one after the other."""
    parts = list(network.module.children())
    with torch.no_grad():
        maps = parts[0](photo[None]).relu()
    maps.requires_grad_()
    nn.Sequential(*parts[2:])(maps * 1)[0, class_index].backward()
    assert maps.grad is not None
    return maps.detach()[0].numpy(), maps.grad[0].numpy()


@pytest.mark.parametrize(("channels", "seed"), [(64, 0), (128, 0), (128, 3), (256, 1)])
def test_regions_are_those_of_the_published_steps(channels: int, seed: int) -> None:
    network = tiny_network(wide(channels))
    settings = RegionSettings(preset="paper", effects=False, seed=seed, layers=("1",))
    found = explain(network, noise(seed), settings, class_index=1)
    expected = published(*first_layer(network, network.preprocessing.tensor(noise(seed)), 1), seed)
    (layer,) = found.layers
    assert (layer.clusters, layer.opposing) == (expected.count, 0)
    assert layer.silhouette == pytest.approx(expected.silhouette, abs=1e-6)
    assert layer.discarded > 0
    assert layer.kept == pytest.approx(sum(weight for _, weight, _ in expected.clusters) / 100)
    for region, (maps, weight, merged) in zip(layer.regions, expected.clusters, strict=True):
        assert (list(region.map_indices), region.sign) == (maps, "supports")
        assert region.weight == pytest.approx(weight / 100)
        np.testing.assert_allclose(region.map, merged, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("channels", THRESHOLDS)
def test_maps_are_discarded_by_the_published_table(channels: int) -> None:
    generator = torch.Generator().manual_seed(channels)
    gradient = torch.rand(channels, 2, 2, generator=generator) ** 4
    found = layer_regions("x", torch.ones_like(gradient), gradient, RegionSettings(preset="paper"), 8)
    shares = 100 * gradient.double().mean(dim=(1, 2)) / gradient.double().mean(dim=(1, 2)).sum()
    light = shares[shares <= THRESHOLDS[channels]]
    assert 0 < len(light) < channels
    assert found.discarded == pytest.approx(light.sum().item() / 100)


def test_it_repeats_itself_bit_by_bit_alone_in_a_batch_and_with_two_threads() -> None:
    network = tiny_network(wide())
    photos = [noise(seed) for seed in range(2)]
    settings = RegionSettings(preset="paper", layers=("1",))
    alone = [explain(network, photo, settings) for photo in photos]
    again = [explain(network, photo, settings) for photo in photos]
    together = explain_batch(network, photos, settings)
    torch.set_num_threads(2)
    threaded = explain_batch(network, photos, settings)
    for others in (again, together, threaded):
        for one, other in zip(alone, others, strict=True):
            assert_same(one, other, 0)


def test_another_seed_gives_the_same_weights_and_may_give_other_clusters() -> None:
    network = tiny_network(wide())
    several = [explain(network, noise(0), RegionSettings(preset="paper", seed=seed)) for seed in range(3)]
    for found in several:
        assert found.layers[0].discarded == several[0].layers[0].discarded
        assert found.layers[0].kept + found.layers[0].dropped == pytest.approx(
            several[0].layers[0].kept + several[0].layers[0].dropped
        )


@pytest.mark.parametrize("shape", [(1, 1), (3, 3)])
def test_maps_that_are_all_the_same(shape: tuple[int, int]) -> None:
    gradient = torch.ones(64, *shape)
    found = layer_regions("x", torch.ones_like(gradient), gradient, RegionSettings(preset="paper"), 8)
    assert (found.kept + found.dropped, found.clusters, found.silhouette) == (1, 3, 0)


@pytest.mark.parametrize("count", range(1, 7))
def test_few_maps(count: int) -> None:
    activation = torch.rand(count, 3, 3, generator=torch.Generator().manual_seed(0))
    settings = RegionSettings(preset="paper", discard=0, drop_below_heaviest=0, drop_below_mean=0)
    found = layer_regions("x", activation, activation + 1, settings, 8)
    assert found.kept == pytest.approx(1)
    assert found.clusters == len(found.regions) == (count if count < 4 else found.clusters)
    assert 3 <= found.clusters < count or count < 4
    assert (found.silhouette is None) == (count < 4)


def test_threads_are_as_many_as_before_also_after_an_exception() -> None:
    torch.set_num_threads(2)
    network = tiny_network(wide())
    explain(network, noise(0), PAPER)
    assert torch.get_num_threads() == 2
    with torch.no_grad():
        network.module.get_parameter("5.bias").fill_(float("nan"))
    with pytest.raises(NetworkError, match="not numbers"):
        explain(network, noise(0), PAPER)
    assert torch.get_num_threads() == 2
