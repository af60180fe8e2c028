"""Saliency regions: the parts of a photo that a layer's feature maps speak for or against its class with.

Importing this package does not import torch, so that the site can draw reveals and overlays without it;
`explain` and `explain_batch` bring torch along when they are first asked for.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.regions.explaining import explain, explain_batch

__all__ = ["explain", "explain_batch"]


def __getattr__(name: str) -> object:
    """Import what `__all__` promises at first use (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from analysis.regions import explaining

    return getattr(explaining, name)
