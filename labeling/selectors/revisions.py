"""Revisions of an explanation: which there are, what each is made from, what came and went between two."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from labeling.models import Image
from labeling.selectors.explanations import ShownExplanation, ShownLayer

Change = Literal["came", "went", "changed", "same"]
MOST_LISTED = 20
SAME = 5e-4
"""Scores that differ by less are shown as equal."""


@dataclass(frozen=True, slots=True)
class Revision:
    number: int
    created_at: datetime
    labels: int
    players: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one label in one layer: the weight of its regions in percent, the best score, the most players."""

    weight: int
    score: float
    players: int


@dataclass(frozen=True, slots=True)
class ChangedLabel:
    """A label in the older and the newer of two revisions; None where it is not."""

    name: str
    opposes: bool
    before: Standing | None
    after: Standing | None

    @property
    def change(self) -> Change:
        if self.before is None or self.after is None:
            return "came" if self.before is None else "went"
        moved = abs(self.before.score - self.after.score) >= SAME
        counts = (self.before.weight, self.before.players) != (self.after.weight, self.after.players)
        return "changed" if moved or counts else "same"


@dataclass(frozen=True, slots=True)
class ChangedLayer:
    """Labels that came first, then those that went, changed and stayed, heaviest first."""

    name: str
    depth_name: str
    labels: list[ChangedLabel]


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """An entry of the manifests that differs."""

    name: str
    before: str
    after: str


def revisions_of(image: Image) -> list[Revision]:
    """Newest first."""
    rows = image.explanations.order_by("-revision")
    columns = rows.values_list("revision", "created_at", "manifest__labels", "manifest__players", named=False)
    return [
        Revision(number, made, labels or 0, people or 0)
        for number, made, labels, people in columns[:MOST_LISTED]
    ]


def changed_layers(before: ShownExplanation, after: ShownExplanation) -> list[ChangedLayer]:
    """Labels are matched by their group, layers by their name; layers of either, deep to shallow."""
    older = {layer.name: layer for layer in before.layers}
    newer = {layer.name: layer for layer in after.layers}
    names = [*newer, *(name for name in older if name not in newer)]
    return [_compare(name, older.get(name), newer.get(name)) for name in names]


def changed_facts(before: Mapping[str, object], after: Mapping[str, object]) -> list[ChangedFact]:
    """Entries of nested objects stand under `outer.inner`."""
    older, newer = dict(_flat(before)), dict(_flat(after))
    return [
        ChangedFact(name, older.get(name, "–"), newer.get(name, "–"))
        for name in dict.fromkeys([*newer, *older])
        if older.get(name) != newer.get(name)
    ]


def facts(manifest: Mapping[str, object]) -> list[tuple[str, str]]:
    """All that an explanation was made from, as text."""
    return list(_flat(manifest))


def _compare(name: str, before: ShownLayer | None, after: ShownLayer | None) -> ChangedLayer:
    older, newer = _standings(before), _standings(after)
    labels = [
        ChangedLabel((newer.get(key) or older[key])[0], key[1], _standing(older, key), _standing(newer, key))
        for key in dict.fromkeys([*newer, *older])
    ]
    shown = after or before
    return ChangedLayer(name, shown.depth_name if shown else "", sorted(labels, key=_order))


Key = tuple[int, bool]
"""A group, and whether its regions oppose the class."""


def _standings(layer: ShownLayer | None) -> dict[Key, tuple[str, Standing]]:
    found: dict[Key, tuple[str, Standing]] = {}
    if layer is None:
        return found
    for opposes, regions in ((False, layer.supporting), (True, layer.opposing)):
        for region in regions:
            for label in region.labels:
                key = (label.group, opposes)
                had = found[key][1] if key in found else Standing(0, 0.0, 0)
                found[key] = (
                    label.name,
                    Standing(
                        had.weight + region.weight,
                        max(had.score, label.score),
                        max(had.players, label.players),
                    ),
                )
    return found


def _standing(found: Mapping[Key, tuple[str, Standing]], key: Key) -> Standing | None:
    return found[key][1] if key in found else None


def _order(label: ChangedLabel) -> tuple[int, int, str]:
    shown = label.after or label.before
    places: dict[Change, int] = {"came": 0, "went": 1, "changed": 2, "same": 3}
    return places[label.change], -(shown.weight if shown else 0), label.name


def _flat(manifest: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in manifest.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield f"{prefix}{name}", ", ".join(map(str, value))
        else:
            yield f"{prefix}{name}", "–" if value is None else str(value)
