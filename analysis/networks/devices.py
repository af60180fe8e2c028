"""Where a network runs."""

import torch

from analysis.networks.errors import NetworkError


def find_device(name: str) -> torch.device:
    """The device called `cpu`, `cuda`, `cuda:<index>` or `mps`.

    Raises:
        NetworkError: another name, or a device that this machine does not have.
    """
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise NetworkError(f"There is no device {name!r}. Use cpu, cuda, cuda:1 or mps.") from error
    if device.type == "cpu":
        return device
    if device.type == "cuda":
        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if (device.index or 0) < count:
            return device
        raise NetworkError(f"The device {name} is not there: this machine has {count} CUDA devices. Use cpu.")
    if device.type == "mps" and torch.backends.mps.is_available():
        return device
    raise NetworkError(f"The device {name} is not there. Use cpu, or cuda where there is a graphics card.")
