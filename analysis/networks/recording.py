"""One forward pass of one photo, remembered so that the way to a layer need not be computed again.

The way to a layer is a list of steps: the module calls on it (`enter`), whose own code has to run, and the
calls that they made before (`skip`), whose outputs are known. Only these outputs are kept, as copies.

In-place operations are found by the version counters of tensors. A skipped call that writes on its arguments
does so again; an output on which running code writes is marked, as its rows may not share memory.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import torch
from torch import Tensor, nn

from analysis.networks.calls import Forward, calls_intercepted, named_parts
from analysis.networks.forms import Form, FormsSeen
from analysis.networks.layers import split_name
from analysis.networks.nested import map_tensors, tensors_in, version_of

Action = Literal["enter", "skip", "run"]
# Who writes on an output after its call: nobody, skipped calls only, or also code that runs.
Written = Literal["never", "skipping", "running"]


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One module call.

    Attributes:
        name: the module's name.
        action: what to do about it on the way to a layer.
        output: a copy of what it gave, None where the call runs.
        same: the place of the argument that it returned itself, among all tensors that it was given.
        writes: by place, what it made of arguments in place.
        touched: the arguments that it changed, and how often.
        versions: the tensors that it gave, and their versions then.
        written: who writes on the output afterwards.
    """

    name: str
    action: Action
    output: object = None
    same: int | None = None
    writes: dict[int, Tensor] = field(default_factory=dict)
    touched: tuple[tuple[Tensor, int], ...] = ()
    versions: tuple[tuple[Tensor, int], ...] = ()
    written: Written = "never"


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """The way to one layer: calls in their order, the layer's own call, and how its output holds maps."""

    steps: tuple[Call, ...]
    target: Call
    form: Form


@dataclass(slots=True, eq=False)
class _Frame:
    """A call that has not ended, and the calls that it made so far.

    Those are remembered only where `open`: a layer may be further inside.
    """

    name: str
    open: bool
    calls: list[Call] = field(default_factory=list)


def record(module: nn.Module, photo: Tensor, layers: Sequence[str]) -> tuple[object, dict[str, Way]]:
    """Run a frozen network once, and remember the ways to `layers`.

    Args:
        module: the network, inside of `frozen`.
        photo: (3, H, W).
        layers: names, as in `Network.layers`.

    Returns:
        What the network gives for the photo, and the way to each layer that was called and holds maps.
    """
    names = [split_name(layer)[0] for layer in layers]
    around = {name[:end] for name in names for end in range(len(name)) if name[end] == "."}
    recorder, output = _recorded(module, photo, layers, around)
    if recorder.missed:  # a layer was called by a module that its name does not lead through
        recorder, output = _recorded(module, photo, layers, set(named_parts(module)))
    return output, recorder.ways()


def _recorded(
    module: nn.Module, photo: Tensor, layers: Sequence[str], around: set[str]
) -> tuple["_Recorder", object]:
    with torch.inference_mode(False), torch.no_grad():
        photos = photo.detach()[None].clone()
        recorder = _Recorder(module, layers, around, FormsSeen(photos))
        with calls_intercepted(recorder.parts, recorder):
            output: object = module(photos)
    return recorder, output


class _Recorder:
    """What happens around every module call of the pass.

    Attributes:
        missed: whether a layer was called inside of a module that is not one of those `around` layers.
    """

    def __init__(self, module: nn.Module, layers: Sequence[str], around: set[str], forms: FormsSeen) -> None:
        self.parts = named_parts(module)
        self.missed = False
        self._wanted = {split_name(layer): layer for layer in layers}
        self._around = around
        self._counts: Counter[str] = Counter()
        self._stack = [_Frame("", True)]
        self._found: dict[str, tuple[list[Call], Call]] = {}
        self._forms = forms

    def __call__(
        self, name: str, run: Forward, args: tuple[object, ...], options: dict[str, object]
    ) -> object:
        module, frame = self.parts[name], self._stack[-1]
        layer = self._wanted.get((name, self._counts[name] + 1))
        self.missed |= layer is not None and not frame.open
        watched = frame.open and len(self._found) < len(self._wanted)
        given = list(tensors_in((args, options))) if watched else []
        before = [version_of(tensor) for tensor in given]
        way = self._way_so_far() if layer is not None else []
        self._stack.append(_Frame(name, watched and name in self._around))
        output = run(*args, **options)
        self._stack.pop()
        self._counts[name] += 1
        self._forms.see(module, output)
        if watched:
            call = _call(name, output, given, before)
            frame.calls.append(call)
            if layer is not None:
                self._found[layer] = (way, call)
        return output

    def ways(self) -> dict[str, Way]:
        """The way to each wanted layer, after the pass."""
        forms = {layer: self._forms.form(target.output) for layer, (_, target) in self._found.items()}
        return {
            layer: Way(tuple(_with_writers(steps)), _with_writers([target])[0], form)
            for layer, (steps, target) in self._found.items()
            if (form := forms[layer]) is not None
        }

    def _way_so_far(self) -> list[Call]:
        steps: list[Call] = []
        for frame in self._stack:
            if frame.name:
                steps.append(Call(frame.name, "enter"))
            steps.extend(frame.calls)
        return steps


def _call(name: str, output: object, given: list[Tensor], before: list[int]) -> Call:
    """Remember a call that just ended; one that cannot be replaced for several photos runs again instead."""
    changed = [place for place, tensor in enumerate(given) if version_of(tensor) != before[place]]
    same = next((place for place, tensor in enumerate(given) if tensor is output), None)
    if not all(_is_one_row(tensor) for tensor in (*tensors_in(output), *(given[place] for place in changed))):
        return Call(name, "run")
    try:
        copy = map_tensors(output, _copy)
    except TypeError:
        return Call(name, "run")
    return Call(
        name=name,
        action="skip",
        output=copy,
        same=same,
        writes={place: _copy(given[place]) for place in changed},
        touched=tuple((given[place], version_of(given[place]) - before[place]) for place in changed),
        versions=tuple((one, version_of(one)) for one in tensors_in(output)),
    )


def _with_writers(steps: list[Call]) -> list[Call]:
    """Find out who wrote on the outputs of these calls, and let go of the pass's own tensors."""
    skipping: Counter[int] = Counter()
    found: list[Call] = []
    for call in reversed(steps):
        after = [(version_of(tensor) - version, skipping[id(tensor)]) for tensor, version in call.versions]
        written: Written = "never"
        if any(times > 0 for times, _ in after):
            written = "running" if any(times > by_skipped for times, by_skipped in after) else "skipping"
        for tensor, times in call.touched:
            skipping[id(tensor)] += times
        found.append(replace(call, written=written, versions=(), touched=()))
    return found[::-1]


def _is_one_row(tensor: Tensor) -> bool:
    return tensor.ndim > 0 and len(tensor) == 1


def _copy(tensor: Tensor) -> Tensor:
    return tensor.detach().clone()
