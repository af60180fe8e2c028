"""Feature maps and gradients of many layers from one forward and one backward pass.

Known traps, and what is done about them: in-place operations overwrite a tensor after its module gave it (the
gradient is taken at the place in the graph, not at the tensor, and maps that are overwritten are copied);
parallel branches give several tensors without gradient history (it begins at each); parameter gradients cost
more than all maps (parameters are frozen); batch statistics mix photos (training mode is refused); parts that
a network runs without gradients, or again in the backward pass, have none to show (they are refused).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn
from torch.autograd.graph import GradientEdge, get_gradient_edge
from torch.utils.checkpoint import CheckpointError

from analysis.networks.calls import Forward, calls_intercepted, named_parts
from analysis.networks.errors import NetworkError
from analysis.networks.forms import FormsSeen, telling_parts
from analysis.networks.frozen import frozen
from analysis.networks.layers import split_name
from analysis.networks.nested import tensors_in, version_of
from analysis.networks.outputs import logits_of

# Layers whose maps the rest of their network overwrites, as found in earlier passes.
_OVERWRITTEN: WeakKeyDictionary[nn.Module, set[str]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """What one pass over N photos gives.

    Attributes:
        logits: (N, C) float32, detached.
        classes: (N,) int64, the explained classes.
        activations: by layer, (N, K, h, w), detached.
        gradients: by layer, d logit / d activation, same shapes.
    """

    logits: Tensor
    classes: Tensor
    activations: dict[str, Tensor]
    gradients: dict[str, Tensor]


def capture(
    module: nn.Module,
    photos: Tensor,
    layers: Sequence[str],
    classes: Sequence[int | None] | None = None,
    *,
    class_count: int | None = None,
) -> Capture:
    """Run the network once forward and once backward, and leave it as it was.

    The gradient is that of sum_n logits[n, class_n]. In evaluation mode photos do not influence each other,
    so each one's gradient is that of its own logit. The first time that a network overwrites the maps of a
    layer, its forward pass is done again.

    Args:
        module: the network.
        photos: (N, 3, H, W) float32 on the module's device.
        layers: names, as in `Network.layers`.
        classes: the class to explain of each photo, None for the predicted one.
        class_count: how many classes there are, where the network has several outputs.

    Raises:
        NetworkError: a batch norm in training mode, values that are not finite, a layer without maps, or one
            that the network runs without gradients or by checkpointing.
    """
    with frozen(module), torch.inference_mode(False), torch.enable_grad():
        overwritten = _OVERWRITTEN.setdefault(module, set())
        watch = _Watch(module, photos, layers, overwritten)
        logits = logits_of(watch.run(), class_count)
        if late := watch.overwritten_since():
            overwritten |= late
            del logits  # and with it the first pass's graph
            watch = _Watch(module, photos, layers, overwritten)
            logits = logits_of(watch.run(), class_count)
        chosen = _choose(logits, classes)
        score = logits.gather(1, chosen[:, None]).sum()
        slopes = watch.slopes(score)
    _check_finite([logits.detach(), *watch.kept.values(), *slopes])
    return Capture(
        logits=logits.detach().float(),
        classes=chosen,
        activations={layer: watch.maps(layer, watch.kept[layer]) for layer in layers},
        gradients={layer: watch.maps(layer, slope) for layer, slope in zip(layers, slopes, strict=True)},
    )


class _Watch:
    """What one forward pass shows of the wanted layers."""

    def __init__(
        self, module: nn.Module, photos: Tensor, layers: Sequence[str], overwritten: set[str]
    ) -> None:
        self._module, self._layers, self._overwritten = module, layers, overwritten
        self._photos = photos.detach().clone()
        self._wanted = {split_name(layer): layer for layer in layers}
        self._parts = named_parts(module)
        self._forms = FormsSeen(photos)
        self._counts: Counter[str] = Counter()
        self._edges: dict[str, GradientEdge] = {}
        self._versions: dict[str, int] = {}
        self.kept: dict[str, Tensor] = {}

    def run(self) -> object:
        watched = telling_parts(self._parts)
        watched.update({name: self._parts[name] for name, _ in self._wanted if name in self._parts})
        with calls_intercepted(watched, self._around):
            output: object = self._module(self._photos)
        for layer in self._layers:
            if layer not in self.kept or self._forms.form(self.kept[layer]) is None:
                raise NetworkError(f"{layer} gives no feature maps for this photo. Choose another layer.")
        return output

    def overwritten_since(self) -> set[str]:
        """The layers on whose maps somebody wrote after they were kept."""
        return {layer for layer, version in self._versions.items() if self.kept[layer]._version != version}

    def slopes(self, score: Tensor) -> list[Tensor]:
        """The gradient of `score` by the output of each layer; 0 where it does not depend on it."""
        edges = [self._edges[layer] for layer in self._layers]
        try:
            found = torch.autograd.grad(score, edges, allow_unused=True) if score.requires_grad else None
        except CheckpointError as error:
            raise NetworkError(
                "The network runs parts again in the backward pass (checkpointing). Turn that off in it."
            ) from error
        slopes: list[Tensor] = []
        for place, layer in enumerate(self._layers):
            slope = found[place] if found is not None else None
            slopes.append(torch.zeros_like(self.kept[layer]) if slope is None else slope)
        return slopes

    def maps(self, layer: str, values: Tensor) -> Tensor:
        """Values of the output's shape as maps (N, K, h, w)."""
        form = self._forms.form(self.kept[layer])
        assert form is not None  # `run` checked it
        return form.to_maps(values.detach())

    def _around(
        self, name: str, run: Forward, args: tuple[object, ...], options: dict[str, object]
    ) -> object:
        self._counts[name] += 1
        layer = self._wanted.get((name, self._counts[name]))
        before = [(tensor, version_of(tensor)) for tensor in tensors_in((args, options))]
        output = run(*args, **options)
        self._forms.see(self._parts[name], output)
        if layer is None or not isinstance(output, Tensor):
            return output
        if not torch.is_grad_enabled():
            raise NetworkError(f"The network runs {layer} without gradients. Choose a later layer.")
        in_place = any(tensor is output and version_of(tensor) != version for tensor, version in before)
        begun = output if output.requires_grad else _begin(output, in_place)
        self._edges[layer] = get_gradient_edge(begun)
        self.kept[layer] = begun.detach()  # shares memory and version counter
        if layer in self._overwritten:
            self.kept[layer] = self.kept[layer].clone()
        self._versions[layer] = self.kept[layer]._version
        return begun


def _begin(output: Tensor, in_place: bool) -> Tensor:
    """Let a gradient history begin, but not with a leaf, as in-place operations refuse these.

    An output that its module wrote in place stays the same object, as other code may hold it already.
    """
    seed = torch.zeros((), dtype=output.dtype, device=output.device, requires_grad=True)
    return output.add_(seed) if in_place and not output._is_view() else output.detach() + seed


def _choose(logits: Tensor, classes: Sequence[int | None] | None) -> Tensor:
    predicted = logits.detach().argmax(dim=1)
    if classes is None:
        return predicted
    for place, index in enumerate(classes):
        if index is not None:
            predicted[place] = index
    return predicted


def _check_finite(found: Sequence[Tensor]) -> None:
    if not all(bool(torch.isfinite(values).all()) for values in found):
        raise NetworkError("The network gives values that are not numbers for this photo. Check its weights.")
