"""Small networks of every family of torchvision, with random weights and nothing degenerate about them."""

from collections.abc import Callable
from functools import partial

import torch
import torchvision
from efficientnet_lite_pytorch import EfficientNet as EfficientNetLite
from torch import Tensor, nn
from torchvision import models
from torchvision.models import convnext, densenet, efficientnet, resnet, swin_transformer, vgg

CLASSES = 5
SIDE = 64
SIDES = {"inception_v3": 112, "efficientnet_lite": 96}
# A test of the others looks at every layer, of these at one in so many: they are large.
STEPS = {
    "alexnet": 5,
    "resnet_bottleneck": 9,
    "resnet": 7,
    "mobilenet_v3": 7,
    "efficientnet_lite": 12,
    "regnet": 11,
    "squeezenet": 5,
    "shufflenet": 11,
    "mnasnet": 7,
    "googlenet": 19,
    "inception_v3": 37,
}

named = partial(torchvision.models.get_model, weights=None, num_classes=CLASSES)


def _vgg() -> nn.Module:
    width: list[str | int] = [8, "M", 12, 12, "M", 16, 16, "M"]
    features = vgg.make_layers(width, batch_norm=False)
    network: nn.Module = vgg.VGG(features, num_classes=CLASSES)
    network.register_module("classifier", nn.Sequential(nn.Linear(16 * 49, CLASSES)))
    return network


def _efficientnet() -> nn.Module:
    block = efficientnet.MBConvConfig
    stages = [block(1, 3, 1, 8, 8, 1, 1, 1), block(4, 3, 2, 8, 12, 2, 1, 1), block(4, 5, 2, 12, 16, 2, 1, 1)]
    network: nn.Module = efficientnet.EfficientNet(stages, 0.2, num_classes=CLASSES, last_channel=24)
    return network


def _convnext() -> nn.Module:
    block = convnext.CNBlockConfig
    network: nn.Module = convnext.ConvNeXt(
        [block(8, 16, 2), block(16, 24, 2)], layer_scale=0.5, num_classes=CLASSES
    )
    return network


def _swin(version: int) -> nn.Module:
    options: dict[str, object] = {}
    if version == 2:
        options["block"] = swin_transformer.SwinTransformerBlockV2
        options["downsample_layer"] = swin_transformer.PatchMergingV2
    network: nn.Module = swin_transformer.SwinTransformer(
        [4, 4], 12, depths=[2, 2], num_heads=[2, 4], window_size=[4, 4], num_classes=CLASSES, **options
    )
    return network


FAMILIES: dict[str, Callable[[], nn.Module]] = {
    "alexnet": partial(named, "alexnet"),
    "vgg": _vgg,
    "resnet": lambda: resnet.ResNet(resnet.BasicBlock, [1, 2, 1, 1], num_classes=CLASSES),
    "resnet_bottleneck": lambda: resnet.ResNet(resnet.Bottleneck, [1, 1, 1, 2], num_classes=CLASSES),
    "densenet": lambda: densenet.DenseNet(4, (2, 3, 2), 8, num_classes=CLASSES),
    "mobilenet_v2": lambda: models.MobileNetV2(
        CLASSES, 0.5, inverted_residual_setting=[[1, 16, 1, 1], [4, 24, 2, 2], [4, 32, 2, 2]]
    ),
    "mobilenet_v3": partial(named, "mobilenet_v3_small"),
    "efficientnet": _efficientnet,
    "efficientnet_lite": lambda: EfficientNetLite.from_name("efficientnet-lite0", num_classes=CLASSES),
    "convnext": _convnext,
    "regnet": partial(named, "regnet_y_400mf"),
    "squeezenet": partial(named, "squeezenet1_1"),
    "shufflenet": partial(named, "shufflenet_v2_x0_5"),
    "mnasnet": lambda: models.MNASNet(0.25, num_classes=CLASSES),
    "googlenet": partial(named, "googlenet", init_weights=False, aux_logits=False, transform_input=True),
    "inception_v3": partial(named, "inception_v3", init_weights=False, transform_input=True),
    "vit": lambda: models.VisionTransformer(SIDE, 16, 3, 2, 16, 24, num_classes=CLASSES),
    "swin": partial(_swin, 1),
    "swin_v2": partial(_swin, 2),
}


def family(name: str) -> nn.Module:
    """A network in double precision, so that only errors of logic make a difference."""
    torch.manual_seed(0)
    module = FAMILIES[name]().eval()
    with torch.no_grad():
        for part in module.modules():
            if isinstance(part, nn.Linear | nn.Conv2d):
                nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
        for key, parameter in module.named_parameters():
            if parameter.ndim == 1:
                parameter.add_(torch.randn(parameter.shape) * 0.2)
            if key.endswith("layer_scale"):
                parameter.fill_(0.5)
        for key, buffer in module.named_buffers():
            if key.endswith("running_mean"):
                buffer.normal_(0, 0.3)
            if key.endswith("running_var"):
                buffer.uniform_(0.5, 1.5)
    return module.double()


def photos_for(name: str, count: int = 1) -> Tensor:
    side = SIDES.get(name, SIDE)
    generator = torch.Generator().manual_seed(7)
    return torch.randn(count, 3, side, side, generator=generator).double()


def fingerprint(module: nn.Module) -> object:
    """Everything about a module that looking into it could leave changed."""
    return (
        [part.training for part in module.modules()],
        [(parameter.requires_grad, parameter.grad) for parameter in module.parameters()],
        [len(part._forward_hooks) + len(part._forward_pre_hooks) for part in module.modules()],
        [sorted(vars(part)) for part in module.modules()],
        {name: value.clone() for name, value in module.state_dict().items()}.keys(),
        {name: value.double().sum().item() for name, value in module.state_dict().items()},
        [(name, value._version, value.grad_fn) for name, value in module.named_buffers()],
    )
