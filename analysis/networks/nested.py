"""Tensors inside of tuples, lists and dicts, as modules take and give them."""

from collections.abc import Callable, Iterator

from torch import Tensor

PLAIN = (type(None), bool, int, float, str)


def tensors_in(value: object) -> Iterator[Tensor]:
    """Every tensor of a nested value, in order."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from tensors_in(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from tensors_in(part)


def version_of(tensor: Tensor) -> int:
    """How often a tensor was changed in place; 0 if it was made in inference mode, which does not count."""
    return 0 if tensor.is_inference() else tensor._version


def map_tensors(value: object, change: Callable[[Tensor], Tensor]) -> object:
    """The same nested value with every tensor changed.

    Raises:
        TypeError: something that is neither a tensor, a plain value, nor a tuple, list or dict of these.
    """
    if isinstance(value, Tensor):
        return change(value)
    if isinstance(value, dict):
        pairs = {key: map_tensors(part, change) for key, part in value.items()}
        return pairs if type(value) is dict else type(value)(**pairs)
    if isinstance(value, tuple | list):
        parts = [map_tensors(part, change) for part in value]
        return value._make(parts) if hasattr(value, "_make") else type(value)(parts)
    if isinstance(value, PLAIN):
        return value
    raise TypeError(f"{type(value).__name__} is no tuple, list or dict of tensors.")
