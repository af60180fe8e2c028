"""Loading a network by what a person calls it."""

from collections.abc import Collection
from pathlib import Path

from analysis.networks.architectures import PACKAGED, architecture_names, load_architecture
from analysis.networks.classes import classes_for, read_classes
from analysis.networks.devices import find_device
from analysis.networks.errors import NetworkError, suggestion
from analysis.networks.factories import call_factory
from analysis.networks.network import Network, build_network
from analysis.networks.weights import fit_state, read_state


def load_network(
    name: str,
    *,
    weights: Path | None = None,
    classes: Path | None = None,
    device: str = "cpu",
    factories_allowed: Collection[str] | None = None,
) -> Network:
    """Load a classifier, ready to be explained.

    Args:
        name: `efficientnet_lite0` (or 1, 2), `squeezenet1_1`, another torchvision architecture such as
            `vgg16`, or an installed factory as `package.module:factory`.
        weights: a state dict as safetensors or `torch.save`d. Without it: the packaged weights, torchvision's
            default weights where its hub answers, or those that the factory gives.
        classes: class names in the order of the outputs, one a line or a JSON list. Without it: ImageNet's,
            or those that the factory gives.
        device: `cpu`, `cuda`, `cuda:1` or `mps`.
        factories_allowed: the factories that may be called; None allows any.

    Raises:
        NetworkError: with one plain sentence on what is wrong and what to do.

    Example:
        >>> load_network("efficientnet_lite0").default_layers[-1]
        '_blocks.15'
    """
    where = find_device(device)
    if ":" in name:
        module, preprocessing, class_names = call_factory(name, factories_allowed)
        if weights is not None:
            fit_state(module, read_state(weights), name)
        if classes is not None:
            class_names = read_classes(classes)
    else:
        _check_name(name)
        module, preprocessing, count = load_architecture(name, weights)
        class_names = classes_for(count, classes)
    return build_network(name, module, preprocessing, class_names, where)


def _check_name(name: str) -> None:
    names = architecture_names()
    if name not in names:
        raise NetworkError(
            f"There is no network called {name}.{suggestion(name, names)} "
            f"Possible are {', '.join(PACKAGED)}, a torchvision architecture such as vgg16, "
            "or an installed package.module:factory."
        )
