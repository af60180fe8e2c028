"""Partial forward passes of any network: what the logits would be if a layer gave other maps.

What was computed before the layer is taken from a recording of the photo, see `recording`: module calls that
ended before it are skipped, the code around them and everything after the layer runs as it is. So residual
bypasses, branches, concatenations and shared modules need no knowledge of the network's structure, and a
network without inner modules simply runs as a whole. So does one whose modules keep tensors from one call to
the next, as a skipped call would leave them from another pass.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, get_args

import torch
from torch import Tensor, nn

from analysis.networks.calls import Forward, calls_intercepted, named_parts
from analysis.networks.errors import NetworkError
from analysis.networks.frozen import frozen
from analysis.networks.memory import ran_out_of_memory
from analysis.networks.nested import map_tensors, tensors_in, version_of
from analysis.networks.outputs import logits_of
from analysis.networks.recording import Call, Way, record

# How boldly to go: skipped calls give rows that share memory, or copies; or nothing is skipped at all. Code
# that merges rows, or that wants one table for all photos, cannot work with the bolder ones.
Manner = Literal["sharing", "copying", "whole"]
MANNERS: tuple[Manner, ...] = get_args(Manner)


class Replay:
    """Partial forward passes for one photo; from `replaying`.

    Attributes:
        logits: what the network says about the photo, (1, C).
    """

    def __init__(
        self, module: nn.Module, photo: Tensor, layers: Sequence[str], classes: int | None = None
    ) -> None:
        before = _kept_tensors(module)
        output, self._ways = record(module, photo, layers)
        keeps = not _same(_kept_tensors(module), before)
        self.logits = logits_of(output, classes)
        self._module, self._photo, self._classes = module, photo, classes
        self._parts = named_parts(module)
        self._manner = dict.fromkeys(layers, len(MANNERS) - 1 if keeps else 0)

    def run(self, layer: str, maps: Tensor) -> Tensor:
        """The logits (N, C) where `layer` gives the rows `maps` instead of what it gave for the photo.

        The rows are left as they are. Gradients flow to them where the caller lets them.

        Args:
            layer: one of those that were asked for.
            maps: (N, K, h, w), of any floating point type.

        Raises:
            NetworkError: the layer was not called, or gives no maps; or the network takes another way now.
        """
        way = self._way(layer)
        while True:
            manner = MANNERS[self._manner[layer]]
            try:
                return self._run(way, maps, manner)
            except RuntimeError as error:
                if manner == MANNERS[-1] or ran_out_of_memory(error):  # that is no reason to want more of it
                    raise
                self._manner[layer] += 1

    def skip_nothing(self, layer: str) -> None:
        """From now on run everything on the way to a layer, for networks that cannot stand skipping."""
        self._manner[layer] = len(MANNERS) - 1

    def maps(self, layer: str) -> Tensor:
        """What the layer gave for the photo, (1, K, h, w)."""
        way = self._way(layer)
        assert isinstance(way.target.output, Tensor)
        return way.form.to_maps(way.target.output)

    def _way(self, layer: str) -> Way:
        if layer not in self._ways:
            raise NetworkError(f"{layer} gives no feature maps for this photo. Choose another layer.")
        return self._ways[layer]

    def _run(self, way: Way, maps: Tensor, manner: Manner) -> Tensor:
        player = _Player(way, maps if manner == "sharing" else maps.contiguous(), manner)
        modules = {call.name: self._parts[call.name] for call in (*way.steps, way.target)}
        photos = player.rows(self._photo.detach()[None].clone())
        with calls_intercepted(modules, player):
            output: object = self._module(photos)
        if not player.arrived:
            raise NetworkError("The network does not come by this layer again. Choose another layer.")
        return logits_of(output, self._classes)


@contextmanager
def replaying(
    module: nn.Module, photo: Tensor, layers: Sequence[str], classes: int | None = None
) -> Iterator[Replay]:
    """Freeze the network, run it once for `photo` (3, H, W), and offer partial passes for `layers`.

    The network is as it was afterwards. `classes` is the number of logits, for networks with several outputs.
    """
    with frozen(module):
        yield Replay(module, photo, layers, classes)


def _kept_tensors(module: nn.Module) -> list[tuple[Tensor, int]]:
    """All tensors among the attributes of all modules, and how often each was changed."""
    return [(one, version_of(one)) for part in module.modules() for one in tensors_in(vars(part))]


def _same(left: list[tuple[Tensor, int]], right: list[tuple[Tensor, int]]) -> bool:
    return [(id(one), changes) for one, changes in left] == [(id(one), changes) for one, changes in right]


class _Player:
    """What happens around the calls on the way to a layer."""

    def __init__(self, way: Way, maps: Tensor, manner: Manner) -> None:
        self._way, self._maps, self._manner = way, maps, manner
        self._place = 0
        self._running = False
        self.arrived = False

    def __call__(
        self, name: str, run: Forward, args: tuple[object, ...], options: dict[str, object]
    ) -> object:
        if self.arrived or self._running:
            return run(*args, **options)
        at_target = self._place == len(self._way.steps)
        call = self._way.target if at_target else self._way.steps[self._place]
        if call.name != name:
            raise NetworkError(f"The network calls {name} where it called {call.name}. Choose another layer.")
        self._place += 1
        if at_target:
            self.arrived = True
            return self._arrive(call, list(tensors_in((args, options))))
        if call.action == "enter":
            return run(*args, **options)
        if call.action == "skip" and self._manner != "whole":
            return self._skip(call, list(tensors_in((args, options))))
        self._running = True
        output = run(*args, **options)
        self._running = False
        return output

    def rows(self, tensor: Tensor, shared: bool = True) -> Tensor:
        """One row as often as there are maps, which share its memory where they may."""
        rows = tensor.expand(len(self._maps), *tensor.shape[1:])
        return (
            rows
            if shared and self._manner == "sharing"
            else rows.clone(memory_format=torch.contiguous_format)
        )

    def _skip(self, call: Call, given: list[Tensor]) -> object:
        for place, value in call.writes.items():
            target = given[place]
            target = target[:1] if target.stride(0) == 0 else target
            target.copy_(value)
        if call.same is not None:
            return given[call.same]
        if call.written == "skipping":
            return map_tensors(call.output, lambda one: self.rows(one.clone()))
        return map_tensors(call.output, lambda one: self.rows(one, shared=call.written == "never"))

    def _arrive(self, call: Call, given: list[Tensor]) -> Tensor:
        assert isinstance(call.output, Tensor)
        rows = self._way.form.from_maps(self._maps.to(call.output.dtype), call.output)
        if call.same is not None and call.same in call.writes:
            return given[call.same].copy_(rows)
        return rows if call.written == "never" else rows.clone()
