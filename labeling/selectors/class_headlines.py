"""What a network learnt of a class, in one sentence: its foremost labels and the layers of each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext, gettext_noop

from analysis.explanations.class_export import ClassLabelRecord, ClassRecord

Span = Literal["all", "from", "to", "deepest", "shallowest", "one", "between"]
WORDS: Mapping[Span, str] = {
    "all": gettext_noop("in all layers"),
    "from": gettext_noop("from layer %(first)d on"),
    "to": gettext_noop("up to layer %(last)d"),
    "deepest": gettext_noop("in the deepest layer"),
    "shallowest": gettext_noop("in the shallowest layer"),
    "one": gettext_noop("in layer %(first)d"),
    "between": gettext_noop("in layers %(first)d to %(last)d"),
}
FEWEST_LABELS, MOST_LABELS = 3, 5
MOST_OF_IT = 2 / 3
"""Share of a label's score that its span holds."""
SHADOWED = 0.2
"""A label with less than this part of the highest score is not worth a sentence."""


@dataclass(frozen=True, slots=True)
class Foremost:
    """A label; `confirmed` where a concept test says that the class uses it."""

    group: int
    name: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Labels that are strong in the same layers, the one with the highest score first; layers are counted
    from 1, the shallowest."""

    span: Span
    first: int
    last: int
    labels: list[Foremost]

    @property
    def words(self) -> str:
        """Where that is."""
        return gettext(WORDS[self.span]) % {"first": self.first, "last": self.last}


@dataclass(frozen=True, slots=True)
class ClassHeadline:
    """Parts by the layer in which their span begins; names of possible shortcuts by place, heaviest first.

    What only words hint at is too weak for a headline.
    """

    parts: list[Part]
    shortcuts: list[str]


def class_headline(
    record: ClassRecord, confirmed: Collection[int] = (), most: int = MOST_LABELS
) -> ClassHeadline:
    """Of the supporting labels with the highest scores, summed over the layers, at most `most`: of those that
    more than one image shows, and where they are fewer than `FEWEST_LABELS` also of others.

    Args:
        confirmed: groups of which a concept test says that the class uses them.
    """
    scores = _scores(record)
    names = _names(record)
    chosen = _foremost(record, scores)[:most]
    found: dict[tuple[int, int], list[int]] = {}
    for group in chosen:
        found.setdefault(shortest_run(scores[group]), []).append(group)
    count = len(record["layers"])
    return ClassHeadline(
        [
            Part(
                _span(first, last, count),
                first,
                last,
                [Foremost(group, names[group], group in confirmed) for group in groups],
            )
            for (first, last), groups in sorted(found.items(), key=lambda part: part[0])
        ],
        [shortcut["name"] for shortcut in record["shortcuts"] if shortcut["basis"] == "place"],
    )


def shortest_run(scores: Sequence[float]) -> tuple[int, int]:
    """First and last place, from 1, of the fewest neighbours that hold `MOST_OF_IT` of the sum of scores; of
    several, those that hold most, and of these the deepest."""
    needed = MOST_OF_IT * sum(scores) * (1 - 1e-9)
    count = len(scores)
    for length in range(1, count):
        sums = [(sum(scores[start : start + length]), start) for start in range(count - length + 1)]
        most, start = max(sums)
        if most >= needed:
            return start + 1, start + length
    return 1, count


def _span(first: int, last: int, count: int) -> Span:
    if first == 1 and last == count:
        return "all"
    if first == last:
        return "deepest" if last == count else "shallowest" if first == 1 else "one"
    return "from" if last == count else "to" if first == 1 else "between"


def _foremost(record: ClassRecord, scores: Mapping[int, Sequence[float]]) -> list[int]:
    """What more than one image shows; where that is little, also what one shows."""
    names, images = _names(record), _images(record)
    ordered = sorted(scores, key=lambda group: (-sum(scores[group]), names[group], group))
    highest = max(map(sum, scores.values()), default=0.0)
    worth = [group for group in ordered if sum(scores[group]) >= SHADOWED * highest > 0]
    shared = [group for group in worth if len(images[group]) > 1]
    lone = [group for group in worth if group not in shared]
    return shared + lone[: max(0, FEWEST_LABELS - len(shared))]


def _images(record: ClassRecord) -> dict[int, set[int]]:
    """Of each group's examples: three images a layer at most, enough to tell one from several."""
    images: dict[int, set[int]] = {}
    for label in _supporting(record):
        images.setdefault(label["group"], set()).update(one["image"] for one in label["examples"])
    return images


def _scores(record: ClassRecord) -> dict[int, list[float]]:
    """Of each group in each layer, shallow to deep."""
    count = len(record["layers"])
    scores: dict[int, list[float]] = {}
    for place, layer in enumerate(record["layers"]):
        for label in layer["supporting"]:
            scores.setdefault(label["group"], [0.0] * count)[place] += label["score"]
    return scores


def _names(record: ClassRecord) -> dict[int, str]:
    return {label["group"]: label["name"] for label in _supporting(record)}


def _supporting(record: ClassRecord) -> list[ClassLabelRecord]:
    return [label for layer in record["layers"] for label in layer["supporting"]]
