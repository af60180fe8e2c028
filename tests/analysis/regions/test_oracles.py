"""Our maps and gradients give the same Grad-CAM as three other libraries (arXiv 1610.02391).

On layers after an activation they all agree. On a convolution before an in-place activation other libraries
read maps that the activation has overwritten since; ours are those of the same network without that trap.
"""

import copy
from collections.abc import Callable

import numpy as np
import pytest
import torch
from captum.attr import LayerGradCam
from numpy.typing import NDArray
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torch import Tensor, nn
from torch.nn import functional
from torchcam.methods import GradCAM as TorchCam
from torchvision import models

from analysis.regions.capture import capture
from tests.analysis.networks.tiny import seeded

Picture = NDArray[np.float64]
SIDE = 64


def vgg_like() -> nn.Module:
    return seeded(
        nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 16, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.AdaptiveAvgPool2d(2),
            nn.Flatten(),
            nn.Linear(64, 5),
        )
    )


def resnet18() -> nn.Module:
    torch.manual_seed(0)
    module: nn.Module = models.resnet18(weights=None, num_classes=5)
    return module.eval()


def vgg11() -> nn.Module:
    """The convolutions of VGG-11, without the 120 million weights behind them."""
    torch.manual_seed(0)
    features = models.vgg.make_layers(models.vgg.cfgs["A"])
    for part in features:
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu")
    return nn.Sequential(features, nn.Flatten(), nn.Linear(512 * 4, 5)).eval()


NETWORKS: dict[str, tuple[Callable[[], nn.Module], list[str]]] = {
    "vgg-like": (vgg_like, ["1", "4", "7"]),
    "resnet18": (resnet18, ["layer3.1", "layer4.1"]),
    "vgg11": (vgg11, ["0.12", "0.19"]),
}


def photo() -> Tensor:
    return torch.randn(1, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(3))


def picture(maps: Tensor) -> Picture:
    """(1, h, w) at the photo's size."""
    scaled = functional.interpolate(maps.detach()[None].double(), (SIDE, SIDE), mode="bilinear")
    return np.asarray(scaled[0, 0].numpy())


def ours(module: nn.Module, layer: str, class_index: int) -> Picture:
    found = capture(module, photo(), [layer], [class_index])
    slopes = found.gradients[layer].mean(dim=(2, 3), keepdim=True)
    return picture((slopes * found.activations[layer]).sum(dim=1).relu())


def of_grad_cam(module: nn.Module, layer: str, class_index: int) -> Picture:
    with GradCAM(model=module, target_layers=[module.get_submodule(layer)]) as cam:
        return np.asarray(cam(photo(), [ClassifierOutputTarget(class_index)])[0], dtype=np.float64)


def of_torchcam(module: nn.Module, layer: str, class_index: int) -> Picture:
    with TorchCam(module, layer) as cam:
        return picture(cam(class_index, module(photo()))[0])


def of_captum(module: nn.Module, layer: str, class_index: int) -> Picture:
    cam = LayerGradCam(module, module.get_submodule(layer))
    return picture(cam.attribute(photo(), target=class_index, relu_attributions=True)[0])


LIBRARIES = {"grad-cam": of_grad_cam, "torchcam": of_torchcam, "captum": of_captum}


def correlation(left: Picture, right: Picture) -> float:
    assert left.std() > 0
    return float(np.corrcoef(left.ravel(), right.ravel())[0, 1])


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("network", "layer"), [(name, layer) for name, (_, layers) in NETWORKS.items() for layer in layers]
)
def test_grad_cam_after_an_activation_is_that_of_other_libraries(
    network: str, layer: str, library: str
) -> None:
    module = NETWORKS[network][0]()
    # With random weights some class may have no positive evidence at all.
    shown = [index for index in range(5) if ours(module, layer, index).std() > 0]
    assert len(shown) >= 2
    for index in shown[:2]:
        theirs = LIBRARIES[library](copy.deepcopy(module), layer, index)
        assert correlation(ours(module, layer, index), theirs) > 0.999


def without_in_place(module: nn.Module) -> nn.Module:
    plain = copy.deepcopy(module)
    for part in plain.modules():
        if isinstance(part, nn.ReLU):
            part.inplace = False
    return plain


@pytest.mark.parametrize("layer", ["0", "3"])
def test_grad_cam_before_an_activation_in_place(layer: str) -> None:
    module = vgg_like()
    index = next(index for index in range(5) if ours(module, layer, index).std() > 0)
    mine = ours(module, layer, index)
    assert correlation(mine, ours(without_in_place(module), layer, index)) > 0.999999
    for theirs in LIBRARIES.values():
        assert correlation(mine, theirs(without_in_place(module), layer, index)) > 0.999
    trapped = of_grad_cam(copy.deepcopy(module), layer, index)  # its greatest value is 1
    assert abs(mine / mine.max() - trapped).max() > 0.1
