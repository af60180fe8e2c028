"""A classifier by name or file: its module, preprocessing, class names and layers.

Importing this package does not import torch, so that the site can read photos and crops without it;
`load_network` brings torch along when it is first asked for.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.networks.loading import load_network

__all__ = ["load_network"]


def __getattr__(name: str) -> object:
    """Import what `__all__` promises at first use (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from analysis.networks import loading

    return getattr(loading, name)
