"""Standing in the way of module calls, for one or more forward passes and not longer.

Hooks see a call only when it is over, and a call that must not happen at all needs more: so the `forward` of
each module is replaced on the instance, and put back in `finally`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from torch import Tensor, nn

Forward = Callable[..., object]


class Around(Protocol):
    """What happens instead of a module's forward; `run(*args, **options)` is the forward itself."""

    def __call__(
        self, name: str, run: Forward, args: tuple[object, ...], options: dict[str, object]
    ) -> object: ...


class OnCall(Protocol):
    """What `calls_watched` does at the end of a call; a tensor that it returns replaces the output."""

    def __call__(self, name: str, call: int, output: object) -> Tensor | None: ...


@contextmanager
def calls_intercepted(modules: Mapping[str, nn.Module], around: Around) -> Iterator[None]:
    """Let `around` do the calls of the named modules; each is itself again afterwards, errors included."""
    before = [(module, module.__dict__.get("forward")) for module in modules.values()]
    try:
        for name, module in modules.items():
            module.__dict__["forward"] = _instead(around, name, module.forward)
        yield
    finally:
        for module, own in reversed(before):
            if own is None:
                module.__dict__.pop("forward", None)
            else:
                module.__dict__["forward"] = own


@contextmanager
def calls_watched(modules: Mapping[str, nn.Module], on_call: OnCall) -> Iterator[None]:
    """Report every call of the named modules during one forward pass; the first call is 1."""
    counts: Counter[str] = Counter()

    def watch(name: str, run: Forward, args: tuple[object, ...], options: dict[str, object]) -> object:
        output = run(*args, **options)
        counts[name] += 1
        replaced = on_call(name, counts[name], output)
        return output if replaced is None else replaced

    with calls_intercepted(modules, watch):
        yield


def named_parts(module: nn.Module) -> dict[str, nn.Module]:
    """Every module inside by its name as in `named_modules()`, a shared one once, without `module` itself."""
    return {name: part for name, part in module.named_modules() if name}


def _instead(around: Around, name: str, run: Forward) -> Forward:
    def forward(*args: object, **options: object) -> object:
        return around(name, run, args, options)

    return forward
