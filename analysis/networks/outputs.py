"""Which of a network's outputs are the logits."""

from collections.abc import Iterator

from torch import Tensor

from analysis.networks.errors import NetworkError


def logits_of(output: object, classes: int | None = None) -> Tensor:
    """The logits (N, C) among what a network's forward gives.

    A network may give a tensor, or a tuple, list, dict or object with named fields that holds several, as
    Inception does with its auxiliary ones. The rule: what is called `logits` comes first, then what is called
    `out`, then everything in its order; of these, the first floating point tensor with two dimensions, and
    with `classes` columns where this number is known.

    Args:
        output: what the forward gives.
        classes: how many classes the network tells apart, None where this is not known.

    Raises:
        NetworkError: no such tensor.
    """
    rows = [one for one in _in_order(output) if one.ndim == 2 and one.is_floating_point()]
    for one in rows:
        if classes is None or one.shape[1] == classes:
            return one
    if rows:
        raise NetworkError(
            f"The network tells {rows[0].shape[1]} classes apart, but {classes} class names are given. "
            "Give a file with one name a line, in the order of the network's outputs."
        )
    raise NetworkError("The network does not give one row of logits per photo. Use a classifier.")


def _in_order(output: object) -> Iterator[Tensor]:
    if isinstance(output, Tensor):
        yield output
        return
    named = _named(output)
    if named:
        first = [named[name] for name in ("logits", "out") if name in named]
        parts = [*first, *named.values()]
    else:
        parts = list(output) if isinstance(output, tuple | list) else []
    for part in parts:
        yield from _in_order(part)


def _named(output: object) -> dict[str, object]:
    """The fields of a dict, a named tuple, or an object such as a dataclass."""
    if isinstance(output, dict):
        return output
    if isinstance(output, tuple) and hasattr(output, "_fields"):
        return dict(zip(output._fields, output, strict=True))
    return dict(vars(output)) if hasattr(output, "__dict__") and not isinstance(output, list) else {}
