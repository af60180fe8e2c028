"""Which labels of two classes mean the same: groups are numbered within a class, so only names can tell."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from analysis.labels.lemma_key import lemma_key
from analysis.labels.opposites import opposed
from analysis.labels.phrase_vectors import phrase_vectors
from analysis.labels.settings import LabelSettings
from analysis.labels.similarity import label_distances

Vectors = Mapping[str, NDArray[np.floating]]
"""Names of groups and lemmas -> (d,) float, as the sentence model gives them."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Groups of both classes with one meaning, ascending; one side may be empty."""

    one: tuple[int, ...]
    other: tuple[int, ...]


def match(
    one: Mapping[int, str], other: Mapping[int, str], settings: LabelSettings, vectors: Vectors | None = None
) -> list[Matched]:
    """Put together the groups of two classes that mean the same; every group is in exactly one meaning.

    Names with equal lemma keys mean the same, however many. What then is left on one side only is paired one
    to one by `label_distances`, where the distance is at most the one at which labels of one class are
    grouped, so that as much nearness as possible is kept.

    Args:
        one, other: names by group, of each class.
        settings: of the study's labels, for what makes two of them one.
        vectors: of the names and their lemmas, see `texts_to_embed`; names without one, and all where None,
            meet by lemma key only.

    Returns:
        By the groups of the first class, then of the other.
    """
    ours, theirs = _by_key(one), _by_key(other)
    found = [Matched(ours[key], theirs[key]) for key in ours.keys() & theirs.keys()]
    left = {key: groups for key, groups in ours.items() if key not in theirs}
    right = {key: groups for key, groups in theirs.items() if key not in ours}
    for first, second in _nearest(
        _named(left, one, vectors or {}), _named(right, other, vectors or {}), settings, vectors or {}
    ):
        found.append(Matched(left.pop(first), right.pop(second)))
    found += [Matched(groups, ()) for groups in left.values()]
    found += [Matched((), groups) for groups in right.values()]
    return sorted(found, key=lambda matched: (not matched.one, matched.one, matched.other))


Key = frozenset[str]


def _by_key(names: Mapping[int, str]) -> dict[Key, tuple[int, ...]]:
    groups: defaultdict[Key, list[int]] = defaultdict(list)
    for group in sorted(names):
        groups[lemma_key(names[group].casefold())].append(group)
    return {key: tuple(own) for key, own in groups.items()}


def _named(
    groups: Mapping[Key, tuple[int, ...]], names: Mapping[int, str], vectors: Vectors
) -> list[tuple[Key, str]]:
    """Keys with the name of their first group that has a vector, by name; others are left out."""
    known = [
        (key, name)
        for key, own in groups.items()
        for name in [next((names[group] for group in own if names[group] in vectors), None)]
        if name is not None
    ]
    return sorted(known, key=lambda item: item[1])


def _nearest(
    left: Collection[tuple[Key, str]],
    right: Collection[tuple[Key, str]],
    settings: LabelSettings,
    vectors: Vectors,
) -> list[tuple[Key, Key]]:
    if not left or not right:
        return []
    both = [*left, *right]
    keys = [key for key, _ in both]
    rows = phrase_vectors([name for _, name in both], keys, vectors, settings.word_weight)
    distances = label_distances(rows, keys, settings.lemma_weight)
    gain = np.maximum(settings.max_distance - distances[: len(left), len(left) :], 0)
    if settings.opposites:
        gain[[[opposed(mine, theirs) for theirs, _ in right] for mine, _ in left]] = 0
    first, second = linear_sum_assignment(gain, maximize=True)
    return [
        (both[row][0], both[len(left) + column][0])
        for row, column in zip(first.tolist(), second.tolist(), strict=True)
        if gain[row, column] > 0
    ]
