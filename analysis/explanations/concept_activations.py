"""What a layer does at regions, and what it means for the class: the numbers that concept tests work on.

A region stands for the mean of the layer's activations, weighted by the region's map. Moving every position
of the layer by v moves this mean by v, and to first order the logit by v times the gradient's sum over
positions: so this sum is the gradient that belongs to the mean.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from analysis.networks.network import Network, input_type
from analysis.regions.batches import largest_fitting
from analysis.regions.capture import Capture, capture
from analysis.regions.passes import one_thread

AT_ONCE = 8


@dataclass(frozen=True, slots=True, eq=False)
class PhotoRegions:
    """One photo of the class with its regions.

    Attributes:
        image: its number.
        photo: RGB, or the network's own input (3, H, W).
        class_index: the explained class.
        maps: by layer, by the region's number, its map (h, w) at the layer's resolution, not negative.
    """

    image: int
    photo: Image.Image | Tensor
    class_index: int
    maps: Mapping[str, Mapping[int, NDArray[np.floating]]]


@dataclass(frozen=True, slots=True, eq=False)
class LayerActivations:
    """All regions and photos of one layer.

    Attributes:
        regions: (M,) int64, their numbers.
        images: (M,) int64, the image of each.
        vectors: (M, K) float32, see `pooled`.
        photos: (N,) int64, the image of each photo, with regions or not.
        gradients: (N, K) float32, see `pooled_gradients`, a row for each photo.
    """

    regions: NDArray[np.int64]
    images: NDArray[np.int64]
    vectors: NDArray[np.float32]
    photos: NDArray[np.int64]
    gradients: NDArray[np.float32]


def pooled(activations: Tensor, maps: Tensor) -> Tensor:
    r"""One activation vector for each region.

    .. math:: x_{rk} = \sum_{ij} m_{rij} A_{kij} / \sum_{ij} m_{rij}

    Plain means where a map is zero everywhere.

    Args:
        activations: A, (K, h, w) float.
        maps: m, (r, h, w) float on the same device, not negative.

    Returns:
        (r, K), of the activations' type.

    Raises:
        ValueError: maps of another shape, negative, or not finite.
    """
    if maps.ndim != 3 or maps.shape[1:] != activations.shape[1:]:
        raise ValueError(f"maps {tuple(maps.shape)} do not fit activations {tuple(activations.shape)}")
    if not bool(torch.isfinite(maps).all()) or bool((maps < 0).any()):
        raise ValueError("maps must be finite and not negative")
    flat = maps.flatten(1).to(activations.dtype)
    highest = flat.amax(dim=1, keepdim=True)
    scaled = torch.where(highest > 0, flat / highest, 1)  # so that no sum of tiny weights is lost
    return (scaled / scaled.sum(dim=1, keepdim=True)) @ activations.flatten(1).T


def pooled_gradients(gradients: Tensor) -> Tensor:
    """The gradient by a vector that is added at every position: sums of (N, K, h, w) over h, w; (N, K)."""
    return gradients.sum(dim=(2, 3))


def collect(
    network: Network, photos: Iterable[PhotoRegions], layers: Sequence[str], *, at_once: int = AT_ONCE
) -> dict[str, LayerActivations]:
    """Run the network over photos, and keep what concept tests need of each layer.

    One forward and one backward pass for each batch serve all layers. Of a batch's maps and gradients only
    vectors stay, so memory does not grow with photos beyond those. It runs on the network's device.

    Args:
        network: the network.
        photos: any number, read as they are needed.
        layers: names, as in `Network.layers`.
        at_once: photos in one pass, at least 1, halved where memory runs out.

    Raises:
        ValueError: no photo, a class that the network does not have, or maps that do not fit a layer.
        NetworkError: see `capture`.
    """
    parts: dict[str, list[LayerActivations]] = {layer: [] for layer in layers}
    for batch in _batches(photos, at_once):

        def work(size: int, batch: list[PhotoRegions] = batch) -> list[dict[str, LayerActivations]]:
            return list(_collected(network, batch, layers, size))

        for found in largest_fitting(network.module, "photos", len(batch), work):
            for layer, part in found.items():
                parts[layer].append(part)
    if not all(parts.values()):
        raise ValueError("there is no photo to collect from")
    return {layer: _together(found) for layer, found in parts.items()}


def _batches(photos: Iterable[PhotoRegions], size: int) -> Iterator[list[PhotoRegions]]:
    if size < 1:
        raise ValueError("at_once must be at least 1")
    coming = iter(photos)
    while batch := list(islice(coming, size)):
        yield batch


def _collected(
    network: Network, photos: Sequence[PhotoRegions], layers: Sequence[str], size: int
) -> Iterator[dict[str, LayerActivations]]:
    """What is kept of each photo, `size` of them in one pass."""
    for start in range(0, len(photos), size):
        part = photos[start : start + size]
        one_pass = _pass(network, part, layers)
        for row, photo in enumerate(part):
            yield {layer: _at_regions(photo, one_pass, layer, row) for layer in layers}


def _pass(network: Network, photos: Sequence[PhotoRegions], layers: Sequence[str]) -> Capture:
    count = len(network.class_names)
    classes = [photo.class_index for photo in photos]
    if not all(0 <= index < count for index in classes):
        raise ValueError(f"{network.name} has classes 0 to {count - 1} only")
    inputs = torch.stack([_input(network, photo.photo) for photo in photos])
    inputs = inputs.to(network.device, input_type(network.module))
    with one_thread(network.device):
        return capture(network.module, inputs, layers, classes, class_count=count)


def _input(network: Network, photo: Image.Image | Tensor) -> Tensor:
    return photo if isinstance(photo, Tensor) else network.preprocessing.tensor(photo)


def _at_regions(photo: PhotoRegions, one_pass: Capture, layer: str, row: int) -> LayerActivations:
    activations = one_pass.activations[layer][row].float()
    slopes = pooled_gradients(one_pass.gradients[layer][row : row + 1].float())
    maps = photo.maps.get(layer, {})
    vectors = activations.new_empty(0, len(activations))
    if maps:
        stacked = torch.from_numpy(np.stack([np.asarray(one, np.float32) for one in maps.values()]))
        vectors = pooled(activations, stacked.to(activations.device))
    return LayerActivations(
        regions=np.array(list(maps), np.int64),
        images=np.full(len(maps), photo.image, np.int64),
        vectors=vectors.cpu().numpy(),
        photos=np.array([photo.image], np.int64),
        gradients=slopes.cpu().numpy(),
    )


def _together(parts: Sequence[LayerActivations]) -> LayerActivations:
    return LayerActivations(
        regions=np.concatenate([part.regions for part in parts]),
        images=np.concatenate([part.images for part in parts]),
        vectors=np.concatenate([part.vectors for part in parts]),
        photos=np.concatenate([part.photos for part in parts]),
        gradients=np.concatenate([part.gradients for part in parts]),
    )
