"""An image's labels through its layers, and the story from edges to objects that they tell."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from labeling.selectors.explanations import ShownLabel, ShownLayer, ShownRegion

MOST_FOLLOWED = 8
MOST_IN_HEADLINE = 2
DEEP = 2


@dataclass(frozen=True, slots=True)
class PathStep:
    """Where a label stands in one layer: the sum of its supporting regions' weights, in percent.

    `leads`: it is the first label of one of them. `players` is the most of any one region.
    """

    layer: str
    depth_name: str
    weight: int
    score: float
    players: int
    leads: bool
    verdict: str


@dataclass(frozen=True, slots=True)
class LabelPath:
    """`steps` has one entry a layer, deep to shallow, None where nobody said it there."""

    group: int
    name: str
    steps: list[PathStep | None]
    examples: tuple[str, ...]

    @property
    def layers(self) -> int:
        return sum(step is not None for step in self.steps)

    @property
    def verdict(self) -> str:
        """Of the deepest layer where it was tested."""
        return next((step.verdict for step in self.steps if step and step.verdict), "")


@dataclass(frozen=True, slots=True)
class Chapter:
    """The leading label of all layers of one depth."""

    depth_name: str
    label: str
    weight: int


@dataclass(frozen=True, slots=True)
class Headline:
    """The labels that lead most weight in deep layers, and what the shallowest one answers to.

    `early` is empty where no other layer has words, or it says the same.
    """

    late: tuple[str, ...]
    early: str


def headline(layers: Sequence[ShownLayer]) -> Headline | None:
    """In one sentence what the network goes by; None where nobody has said anything.

    Deep are the layers of the two deepest depths with words. Weights of regions that one label leads add up.
    """
    told = [layer for layer in layers if layer.named]
    if not told:
        return None
    depths = list(dict.fromkeys(layer.depth_name for layer in told))[:DEEP]
    weights: Counter[str] = Counter()
    for region in (region for layer in told if layer.depth_name in depths for region in layer.named):
        weights[region.labels[0].name] += region.weight
    late = sorted(weights, key=lambda name: (-weights[name], name))[:MOST_IN_HEADLINE]
    early = told[-1].named[0].labels[0].name
    return Headline(tuple(late), "" if early in late or told[-1].depth_name in depths else early)


def label_paths(layers: Sequence[ShownLayer]) -> list[LabelPath]:
    """Of the labels that carry most, at most `MOST_FOLLOWED`: first those that lead with most weight."""
    found: dict[int, str] = {}
    for layer in layers:
        for region in layer.supporting:
            for label in region.labels:
                found.setdefault(label.group, label.name)
    paths = [_path(group, name, layers) for group, name in found.items()]
    return sorted(paths, key=_by_weight)[:MOST_FOLLOWED]


def story(layers: Sequence[ShownLayer]) -> list[Chapter]:
    """Shallow to deep; a depth without words is left out."""
    heaviest: dict[str, ShownRegion] = {}
    for layer in reversed(layers):
        leading = layer.leading
        if leading is None or not leading.labels:
            continue
        if layer.depth_name not in heaviest or leading.weight > heaviest[layer.depth_name].weight:
            heaviest[layer.depth_name] = leading
    return [Chapter(depth, region.labels[0].name, region.weight) for depth, region in heaviest.items()]


def _path(group: int, name: str, layers: Sequence[ShownLayer]) -> LabelPath:
    steps = [_step(group, layer) for layer in layers]
    quoted = [
        text for layer in layers for region in layer.supporting
        for label in region.labels if label.group == group for text in label.examples
    ]  # fmt: skip
    return LabelPath(group, name, steps, tuple(dict.fromkeys(quoted)))


def _step(group: int, layer: ShownLayer) -> PathStep | None:
    own: list[tuple[ShownRegion, ShownLabel]] = [
        (region, label) for region in layer.supporting for label in region.labels if label.group == group
    ]
    if not own:
        return None
    return PathStep(
        layer=layer.name,
        depth_name=layer.depth_name,
        weight=sum(region.weight for region, _ in own),
        score=max(label.score for _, label in own),
        players=max(label.players for _, label in own),
        leads=any(region.labels[0].group == group for region, _ in own),
        verdict=own[0][1].verdict,
    )


def _by_weight(path: LabelPath) -> tuple[int, int, str]:
    led = sum(step.weight for step in path.steps if step and step.leads)
    return -led, -sum(step.weight for step in path.steps if step), path.name
