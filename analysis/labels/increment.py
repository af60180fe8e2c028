"""A new label beside groups that are kept until all labels are grouped again."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p

import numpy as np
from numpy.typing import NDArray

from analysis.labels.cells import directions
from analysis.labels.settings import LabelSettings

_MARGIN = 0.05
"""Distances less than this from the cut, or from the next best, may be decided otherwise by regrouping."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new label belongs.

    Attributes:
        group: number of the group that it joins; None where it starts a new one.
        distance: mean distance to the labels of the nearest group; 0 for a known key, infinite without
            groups.
        clear: whether it is 0.05 or more from being decided otherwise.
    """

    group: int | None
    distance: float
    clear: bool


class KeptGroups:
    r"""Groups of n labels, to which others are added one by one in time O(k d) for k groups.

    A label of a known key joins that key's group; any other the nearest group g, if that is within the cut:

    .. math:: D_g = 1 - (1 - m) \, v \cdot \bar v_g - m \bar J_g

    with the mean of the group's unit vectors and the mean over its labels of the overlap J of `LemmaSets`,
    whose counts take the new key in: what average linkage would compare were the groups its clusters. Nothing
    is kept of labels that are placed, and no two groups meet: a regrouping does that.

    Args:
        vectors: (n, d) float, of any length.
        groups: (n,) int, the number of each label's group, 0 or above.
        settings: those of `group`: average linkage with a fixed cut.
        keys: (n,) see `lemma_key`; None, or a lemma_weight of 0, for distances by meaning alone.

    Raises:
        ValueError: with a silhouette or complete linkage, which have no cut to hold a label against.
    """

    def __init__(
        self,
        vectors: NDArray[np.floating],
        groups: NDArray[np.integer],
        settings: LabelSettings,
        keys: Sequence[frozenset[str]] | None = None,
    ) -> None:
        if settings.silhouette or settings.linkage != "average":
            raise ValueError("labels can be added to groups of average linkage with a fixed cut only")
        self._numbers, place = np.unique(groups, return_inverse=True)
        self._sizes = np.bincount(place, minlength=len(self._numbers)).astype(np.float64)
        self._means = np.zeros((len(self._numbers), vectors.shape[1]))
        np.add.at(self._means, place, directions(vectors.astype(np.float32)))
        self._means /= self._sizes[:, None]
        self._cut = settings.max_distance
        self._share = settings.lemma_weight if keys is not None else 0.0
        known = keys if keys is not None and self._share else ()
        self._rows = Counter(known)
        self._group_of = dict(zip(known, place.tolist(), strict=False))
        self._holders: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
        for key in self._group_of:
            for word in key:
                self._holders[word].append(key)

    def place(self, vector: NDArray[np.floating], key: frozenset[str]) -> Place:
        """Where a label with this (d,) vector and lemma key belongs; nothing changes."""
        if key in self._group_of:
            return Place(int(self._numbers[self._group_of[key]]), 0.0, clear=True)
        if not len(self._numbers):
            return Place(None, np.inf, clear=True)
        unit = directions(vector[None].astype(np.float32))[0]
        distances = 1 - (1 - self._share) * (self._means @ unit)
        for group, overlap in self._overlaps(key).items():
            distances[group] -= self._share * overlap / self._sizes[group]
        nearest, second = np.sort(np.append(distances, np.inf))[:2]
        group = int(distances.argmin())
        if nearest > self._cut:
            return Place(None, float(nearest), clear=bool(nearest > self._cut + _MARGIN))
        clear = min(self._cut, second) - nearest >= _MARGIN
        return Place(int(self._numbers[group]), float(nearest), clear=bool(clear))

    def _overlaps(self, key: frozenset[str]) -> dict[int, float]:
        """By group, the overlap with a new key summed over the group's labels."""
        if not self._share:
            return {}
        n = len(self._group_of) + 1
        summed: defaultdict[int, float] = defaultdict(float)
        for other in {held for word in key for held in self._holders.get(word, ())}:
            weights = {
                word: log1p(n / (len(self._holders.get(word, ())) + (word in key))) for word in key | other
            }
            overlap = sum(weights[word] for word in key & other) / sum(weights.values())
            summed[self._group_of[other]] += overlap * self._rows[other]
        return summed
