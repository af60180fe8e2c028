"""State dicts from files that nobody needs to trust: no pickled code is ever run."""

import re
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from analysis.networks.errors import NetworkError

State = dict[str, Tensor]
# torchvision's own DenseNet files still have names that torch does not allow any more.
OLD_DENSENET = re.compile(r"^(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\.\w+)$")
ADVICE = "Save the network's state_dict() with torch.save, or as safetensors."


def read_state(path: Path) -> State:
    """Read a state dict from a safetensors file or a `torch.save`d one.

    A `{"state_dict": ...}` wrapper and the `module.` prefixes of DataParallel are taken off.

    Raises:
        NetworkError: no such file, not a state dict, broken, or with values that are not numbers.
    """
    if not path.is_file():
        raise NetworkError(f"There is no weights file {path}. Check the path.")
    state = _unwrapped(_load(path))
    if state is None:
        raise NetworkError(f"The weights file {path.name} does not hold a state dict. {ADVICE}")
    for name, value in state.items():
        if value.numel() * value.element_size() > value.untyped_storage().nbytes():
            raise NetworkError(
                f"The weights file {path.name} claims more values than it holds, in {name}. {ADVICE}"
            )
        if value.is_floating_point() and not bool(torch.isfinite(value).all()):
            raise NetworkError(
                f"The weights file {path.name} holds values that are not numbers, in {name}. Train anew."
            )
    return state


def fit_state(module: nn.Module, state: State, name: str) -> None:
    """Give `module` the weights of `state`, which must have its very entries and shapes.

    The tensors are assigned, not copied, so a module on the meta device becomes a real one. Their type
    becomes the module's own.

    Raises:
        NetworkError: the weights are those of another architecture.
    """
    fitted = module.state_dict()
    given = {OLD_DENSENET.sub(r"\1\2", key): value for key, value in state.items()}
    for key, value in fitted.items():
        if key.endswith("num_batches_tracked"):  # only training reads it, and old files lack it
            given.setdefault(key, torch.zeros_like(value, device="cpu"))
    wrong = [key for key in fitted if key not in given or given[key].shape != fitted[key].shape]
    extra = [key for key in given if key not in fitted]
    if wrong or extra:
        raise NetworkError(
            f"The weights do not fit {name}: {len(wrong)} of its {len(fitted)} entries are missing or have "
            f"another shape, {len(extra)} are unknown (first: {(wrong + extra)[0]}). "
            "Name the architecture that they were trained with."
        )
    fitted.update({key: given[key].to(value.dtype) for key, value in fitted.items()})
    module.load_state_dict(fitted, assign=True)


def _load(path: Path) -> object:
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        return torch.load(path, map_location="cpu", weights_only=True)
    except SafetensorError as error:
        raise NetworkError(
            f"The weights file {path.name} is not a whole safetensors file. Copy it again."
        ) from error
    except Exception as error:  # the restricted unpickler raises anything on garbage
        raise NetworkError(
            f"The weights file {path.name} is broken, or holds more than tensors. {ADVICE}"
        ) from error


def _unwrapped(content: object) -> State | None:
    if isinstance(content, Mapping) and isinstance(content.get("state_dict"), Mapping):
        content = content["state_dict"]
    if not isinstance(content, Mapping) or not content:
        return None
    state = {
        key: value for key, value in content.items() if isinstance(key, str) and isinstance(value, Tensor)
    }
    if len(state) < len(content):
        return None
    if all(key.startswith("module.") for key in state):
        return {key.removeprefix("module."): value for key, value in state.items()}
    return state
