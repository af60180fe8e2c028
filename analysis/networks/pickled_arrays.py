"""Arrays from a pickle that nobody needs to trust: none of the file's code is ever run.

A pickle names functions, and loading it calls them with arguments of the file's own choice. NumPy's pickles
name three. Here even these only stand for a class that remembers what it is given, so that NumPy's own code
for restoring arrays, which trusts what it reads, never sees the file.
"""

import math
import pickle
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.networks.errors import NetworkError

Array = NDArray[np.float32]


class _Remembered:
    """Stands for an array or its type: the arguments that it is made with, and its state."""

    __slots__ = ("arguments", "state")

    def __init__(self, *arguments: object) -> None:
        self.arguments = arguments
        self.state: tuple[object, ...] = ()

    def __setstate__(self, state: object) -> None:
        self.state = state if isinstance(state, tuple) else ()


class _Unpickler(pickle.Unpickler):
    ALLOWED = ("numpy.core.multiarray._reconstruct", "numpy.ndarray", "numpy.dtype")

    def find_class(self, module: str, name: str) -> object:
        """Give the stand-in for what NumPy's pickles name, and refuse anything else."""
        asked = f"{module}.{name}"
        if asked not in self.ALLOWED:
            raise NetworkError(
                f"The pickle asks for {asked!r}, and only NumPy's arrays are read from pickles. "
                "Save the weights as safetensors."
            )
        return _Remembered


def read_arrays(path: Path) -> dict[str, tuple[Array, ...]]:
    """Read a pickled dict of lists of little-endian float32 arrays.

    Raises:
        NetworkError: the pickle names what it may not, is broken, or holds something else.
    """
    try:
        with path.open("rb") as file:
            content: object = _Unpickler(file).load()
    except NetworkError:
        raise
    except Exception as error:  # garbage makes the unpickler raise anything
        raise NetworkError(f"The pickle {path.name} is broken or cannot be read. Copy it again.") from error
    if not isinstance(content, dict):
        raise NetworkError(f"The pickle {path.name} does not hold arrays by name.")
    try:
        return {str(name): tuple(_array(one) for one in given) for name, given in content.items()}
    except TypeError as error:
        raise NetworkError(
            f"The pickle {path.name} holds something else than lists of float32 arrays."
        ) from error


def _array(given: object) -> Array:
    """The array of which a stand-in remembers the state: (version, shape, type, by columns, bytes)."""
    match given:
        case _Remembered(
            state=(
                _,
                tuple(shape),
                _Remembered(arguments=("f4", *_), state=(_, "<", *_)),
                False,
                bytes(content),
            )
        ):
            sides = [side for side in shape if isinstance(side, int) and side > 0]
            if len(sides) == len(shape) and len(content) == 4 * math.prod(sides):
                return np.frombuffer(content, "<f4").reshape(sides)
    raise TypeError("not a float32 array")
