"""Networks that an installed package builds."""

import importlib
from collections.abc import Callable, Collection
from typing import cast

from torch import nn

from analysis.networks.errors import NetworkError, suggestion
from analysis.networks.preprocessing import Preprocessing

Made = tuple[nn.Module, Preprocessing, tuple[str, ...]]


def call_factory(name: str, allowed: Collection[str] | None) -> Made:
    """Call `package.module:factory`, which takes nothing and gives (module, preprocessing, class names).

    Args:
        name: where the factory is.
        allowed: names that may be called, None for any. Nothing is imported before this is checked.

    Raises:
        NetworkError: a factory that is not allowed, not installed, fails, or gives something else.
    """
    if allowed is not None and name not in allowed:
        raise NetworkError(
            f"The factory {name} is not allowed here.{suggestion(name, allowed)} Ask the operator."
        )
    factory = _find(name)
    try:
        made = factory()
    except Exception as error:  # somebody else's code
        raise NetworkError(f"The factory {name} failed: {type(error).__name__}: {error}.") from error
    if not isinstance(made, tuple) or len(made) != 3:
        raise NetworkError(f"The factory {name} must give (module, preprocessing, class names).")
    module, preprocessing, class_names = made
    if not isinstance(module, nn.Module) or not isinstance(preprocessing, Preprocessing):
        raise NetworkError(f"The factory {name} must give a torch module and a Preprocessing first.")
    return module, preprocessing, tuple(str(class_name) for class_name in class_names)


def _find(name: str) -> Callable[[], object]:
    module_name, _, attribute = name.partition(":")
    try:
        factory: object = getattr(importlib.import_module(module_name), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise NetworkError(f"There is no factory {name}. Install its package, or check the name.") from error
    if not callable(factory):
        raise NetworkError(f"{name} cannot be called. Name a function that takes no argument.")
    return cast("Callable[[], object]", factory)
