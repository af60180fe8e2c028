"""The rest of a network after one of its layers, where its structure is known to be a plain chain.

Zeroing maps of a deep layer then costs a few blocks instead of a whole network. A layer that is bypassed (a
branch inside a block) or a network of unknown structure has no tail.
"""

import copy
from collections.abc import Callable

from efficientnet_lite_pytorch import EfficientNet as EfficientNetLite
from torch import Tensor, nn
from torchvision import models

RESNET = ("conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3", "layer4")
# What these run in this order, each on what the one before gives, before their head.
CHAINS: dict[type[nn.Module], tuple[str, ...]] = {
    models.AlexNet: ("features",),
    models.VGG: ("features",),
    models.SqueezeNet: ("features",),
    models.MobileNetV2: ("features",),
    models.MobileNetV3: ("features",),
    models.EfficientNet: ("features",),
    models.ConvNeXt: ("features",),
    models.DenseNet: ("features",),
    models.ResNet: RESNET,
}


def find_tail(module: nn.Module, layer: str) -> Callable[[Tensor], Tensor] | None:
    """A function from the output of `layer`, (N, K, h, w), to the logits (N, C), or None.

    Args:
        module: the network. It is not changed; the tail shares its weights.
        layer: a layer's name; one of several calls (`name#2`) has no tail.
    """
    path = layer.split(".")
    if type(module) is EfficientNetLite:
        return _lite_tail(module, path)
    if type(module) is nn.Sequential:
        return _after(module, path)
    chain = CHAINS.get(type(module), ())
    if path[0] not in chain:
        return None
    rest = _rest(module.get_submodule(path[0]), path[1:])
    if rest is None:
        return None
    tail = copy.copy(module)
    done = chain[: chain.index(path[0])]
    tail._modules = {**module._modules, **{name: nn.Identity() for name in done}, path[0]: rest}
    return tail


def _rest(module: nn.Module, path: list[str]) -> nn.Module | None:
    """What of `module` runs after the part at `path`, which may only lead through plain containers."""
    if not path:
        return nn.Identity()
    return _after(module, path) if isinstance(module, nn.Sequential) else None


def _after(chain: nn.Sequential, path: list[str]) -> nn.Module | None:
    names = [name for name, _ in chain.named_children()]
    if path[0] not in names:
        return None
    position = names.index(path[0])
    inner = _rest(chain[position], path[1:])
    return None if inner is None else nn.Sequential(inner, *chain[position + 1 :])


def _lite_tail(module: nn.Module, path: list[str]) -> Callable[[Tensor], Tensor] | None:
    if len(path) != 2 or path[0] != "_blocks":
        return None
    blocks = list(module.get_submodule("_blocks").children())[int(path[1]) + 1 :]
    parts = [
        *blocks,
        *(module.get_submodule(name) for name in ("_conv_head", "_bn1", "_swish", "_avg_pooling")),
    ]
    return nn.Sequential(*parts, nn.Flatten(), module.get_submodule("_fc"))
