"""What a layer does at regions, by hand and against gradients taken one photo at a time."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from analysis.explanations import concept_activations
from analysis.explanations.concept_activations import (
    PhotoRegions,
    collect,
    pooled,
    pooled_gradients,
)
from analysis.networks.errors import NetworkError
from analysis.networks.network import Network
from analysis.regions.capture import Capture, capture
from tests.analysis.networks.tiny import SIDE, tiny_network

LAYERS = ("2", "4")
Table = NDArray[np.float32]
SIDES = {"2": 8, "4": 8}


def test_vectors_are_means_weighted_by_the_map() -> None:
    activations = torch.tensor([[[1.0, 2], [3, 4]], [[0, 0], [8, -8]]])
    maps = torch.tensor([[[1.0, 0], [0, 0]], [[1, 1], [2, 0]], [[0, 0], [0, 0]], [[5, 5], [5, 5]]])
    expected = [[1, 0], [(1 + 2 + 6) / 4, 16 / 4], [2.5, 0], [2.5, 0]]
    assert torch.allclose(pooled(activations, maps), torch.tensor(expected))


def test_tiny_and_huge_maps_are_weights_too() -> None:
    activations = torch.tensor([[[1.0, 3]]])
    maps = torch.tensor([[[1e-40, 3e-40]], [[1e38, 3e38]]])
    assert torch.allclose(pooled(activations, maps), torch.tensor([[2.5], [2.5]]), rtol=1e-4)


@pytest.mark.parametrize(
    "maps",
    [torch.ones(2, 3, 2), torch.ones(2, 2), -torch.ones(1, 2, 2), torch.full((1, 2, 2), torch.nan)],
    ids=["shape", "one map", "negative", "nan"],
)
def test_maps_that_do_not_fit_are_refused(maps: Tensor) -> None:
    with pytest.raises(ValueError, match="maps"):
        pooled(torch.ones(4, 2, 2), maps)


def test_the_gradient_by_a_shift_of_all_positions_is_the_sum() -> None:
    activations = torch.randn(2, 3, 4, 5, generator=torch.Generator().manual_seed(0))
    shift = torch.zeros(2, 3, requires_grad=True)
    logit = ((activations + shift[:, :, None, None]) ** 3).mean()
    (expected,) = torch.autograd.grad(logit, shift)
    moved = activations.clone().requires_grad_()
    (slopes,) = torch.autograd.grad((moved**3).mean(), moved)
    assert torch.allclose(pooled_gradients(slopes), expected)


@pytest.fixture(scope="module")
def network() -> Network:
    return tiny_network()


def photos(count: int) -> list[PhotoRegions]:
    """Photo 0 has no regions, photo 1 only in the first layer."""
    dice = np.random.default_rng(0)
    found = []
    for image in range(count):
        maps = {
            layer: {10 * image + n + 100 * place: dice.random((side, side)) for n in range(2)}
            for place, (layer, side) in enumerate(SIDES.items())
            if image > place
        }
        pixels = torch.from_numpy(dice.standard_normal((3, SIDE, SIDE)).astype(np.float32))
        found.append(PhotoRegions(image, pixels, image % 3, maps))
    return found


def test_collected_is_what_each_photo_gives_alone(network: Network) -> None:
    shown = photos(5)
    found = collect(network, shown, LAYERS, at_once=2)
    assert list(found) == list(LAYERS)
    for place, layer in enumerate(LAYERS):
        own = found[layer]
        assert own.photos.tolist() == [0, 1, 2, 3, 4]
        assert own.images.tolist() == [image for image in range(place + 1, 5) for _ in range(2)]
        assert own.regions.tolist() == [region for one in shown for region in one.maps.get(layer, {})]
        for row, photo in enumerate(shown):
            maps, gradient = by_hand(network, photo, layer)
            assert np.allclose(own.gradients[row], gradient.sum((1, 2)), atol=1e-6)
            for region, region_map in photo.maps.get(layer, {}).items():
                vector = (maps * region_map).sum((1, 2)) / region_map.sum()
                assert np.allclose(own.vectors[own.regions.tolist().index(region)], vector, atol=1e-6)


def by_hand(network: Network, photo: PhotoRegions, layer: str) -> tuple[Table, Table]:
    """Activation and gradient of one layer, both (K, h, w)."""
    assert isinstance(photo.photo, Tensor)
    assert isinstance(network.module, torch.nn.Sequential)
    end = int(layer) + 1
    with torch.enable_grad():
        maps = network.module[:end](photo.photo[None]).detach().requires_grad_()
        (gradient,) = torch.autograd.grad(network.module[end:](maps)[0, photo.class_index], maps)
    return maps[0].detach().numpy(), gradient[0].numpy()


def test_photos_are_read_as_they_are_needed(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    sizes: list[tuple[int, int]] = []
    plain = capture

    def one_by_one() -> Iterator[PhotoRegions]:
        for photo in photos(5):
            read.append(photo.image)
            yield photo

    def watched(module: torch.nn.Module, inputs: Tensor, *others: object, **named: object) -> Capture:
        sizes.append((len(read), len(inputs)))
        return plain(module, inputs, *others, **named)  # type: ignore[arg-type]  # handed on

    monkeypatch.setattr(concept_activations, "capture", watched)
    collect(network, one_by_one(), LAYERS, at_once=2)
    assert sizes == [(2, 2), (4, 2), (5, 1)]


def test_pictures_are_prepared_as_for_the_network(network: Network) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 30, 3), dtype=np.uint8)
    picture = Image.fromarray(pixels)
    maps = {"2": {1: np.ones((8, 8))}}
    as_tensor = network.preprocessing.tensor(picture)
    one, other = (collect(network, [PhotoRegions(1, p, 0, maps)], LAYERS) for p in (picture, as_tensor))
    assert np.array_equal(one["2"].vectors, other["2"].vectors)
    assert np.array_equal(one["4"].gradients, other["4"].gradients)


def test_where_memory_runs_out_fewer_photos_go_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    network = tiny_network()
    sizes: list[int] = []
    plain = capture

    def small(module: torch.nn.Module, inputs: Tensor, *others: object, **named: object) -> Capture:
        sizes.append(len(inputs))
        if len(inputs) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return plain(module, inputs, *others, **named)  # type: ignore[arg-type]  # handed on

    monkeypatch.setattr(concept_activations, "capture", small)
    found = collect(network, photos(8), LAYERS, at_once=8)
    assert sizes == [8, 4, 2, 2, 2, 2]
    monkeypatch.setattr(concept_activations, "capture", plain)
    expected = collect(network, photos(8), LAYERS, at_once=1)
    assert np.allclose(found["4"].vectors, expected["4"].vectors, atol=1e-6)


def test_not_even_one_photo_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> Capture:
        raise MemoryError

    monkeypatch.setattr(concept_activations, "capture", never)
    with pytest.raises(NetworkError, match="too small even for one photo"):
        collect(tiny_network(), photos(3), LAYERS)


def test_what_cannot_be_collected_is_refused(network: Network) -> None:
    with pytest.raises(ValueError, match="no photo"):
        collect(network, [], LAYERS)
    with pytest.raises(ValueError, match="at_once"):
        collect(network, photos(2), LAYERS, at_once=0)
    with pytest.raises(ValueError, match="classes 0 to 2"):
        collect(network, [PhotoRegions(1, torch.zeros(3, SIDE, SIDE), 3, {})], LAYERS)
    with pytest.raises(ValueError, match="do not fit"):
        collect(
            network, [PhotoRegions(1, torch.zeros(3, SIDE, SIDE), 0, {"2": {1: np.ones((4, 4))}})], LAYERS
        )
    with pytest.raises(NetworkError, match="nowhere"):
        collect(network, photos(2), ["nowhere"])


def test_a_photo_without_regions_still_has_a_gradient(network: Network) -> None:
    found = collect(network, photos(1), LAYERS)
    assert found["4"].vectors.shape == (0, 16)
    assert found["4"].gradients.shape == (1, 16)
    assert found["2"].gradients.any()
