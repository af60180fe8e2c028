"""Words that differ by one or two letters, found without comparing all with all."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

SHORTEST_OF_TWO = 5
LONGEST = 24
_PRIME = np.uint64(1_099_511_628_211)

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


class NearWords:
    """An index of words by what is left of them when letters are taken out: two words within n edits share
    what is left of each after at most n deletions.

    Words of five letters or more may lose two, shorter ones one. What is left is kept as a hash, 12 bytes
    each; pairs that only their hashes share are told apart by their distance.

    Args:
        words: distinct; those longer than `LONGEST` letters are near to nothing.

    Source: W. Garbe's symmetric delete spelling correction (SymSpell, 2012), here on whole arrays.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words, self._lengths = np.array(words, dtype=object), _lengths(words)
        hashes, owners = _left_over(words)
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._owners = hashes[order], owners[order]

    def pairs(self, others: Sequence[str]) -> Pairs:
        """Which words are near to which others.

        Returns:
            Two (n,) int64 arrays: places in `others`, rising, and places in the words of the index, rising
            for each. Near is an optimal string alignment distance of at most 2, or 1 where either has fewer
            than five letters: letters put in, left out or replaced, and neighbours swapped.
        """
        hashes, owners = _left_over(others)
        first = np.searchsorted(self._hashes, hashes, side="left")
        many = np.searchsorted(self._hashes, hashes, side="right") - first
        start = np.repeat(first - np.cumsum(many) + many, many)
        found = self._owners[start + np.arange(len(start))].astype(np.int64)
        both = np.unique(np.repeat(owners, many).astype(np.int64) * max(len(self._words), 1) + found)
        left, right = np.divmod(both, max(len(self._words), 1))
        if not len(left):
            return left, right
        typed = np.array(others, dtype=object)[left]
        distances = cpdist(typed, self._words[right], scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
        shorter = np.minimum(_lengths(others)[left], self._lengths[right])
        kept = distances <= np.where(shorter < SHORTEST_OF_TWO, 1, 2)
        return left[kept], right[kept]


def _lengths(words: Sequence[str]) -> NDArray[np.int64]:
    return np.array([len(word) for word in words], dtype=np.int64)


def _left_over(words: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Hashes of what is left of words after deletions, and the place of each one's word."""
    hashes, owners = [np.empty(0, dtype=np.uint64)], [np.empty(0, dtype=np.int32)]
    lengths = _lengths(words)
    for length in range(1, LONGEST + 1):
        places = np.flatnonzero(lengths == length)
        if not len(places):
            continue
        letters = np.array([[*map(ord, words[place])] for place in places.tolist()], dtype=np.uint64)
        for gone in range(1 + (2 if length >= SHORTEST_OF_TWO else 1)):
            kept = np.array([*combinations(range(length), length - gone)], dtype=np.int64)
            hashes.append(_hashes(letters, kept).ravel())
            owners.append(np.repeat(places.astype(np.int32), len(kept)))
    return np.concatenate(hashes), np.concatenate(owners)


def _hashes(letters: NDArray[np.uint64], kept: NDArray[np.int64]) -> NDArray[np.uint64]:
    """(n, l) code points and (m, k) places of letters -> (n, m) FNV-like hashes; they wrap around."""
    value = np.full((len(letters), len(kept)), 14_695_981_039_346_656_037, dtype=np.uint64)
    for column in kept.T:
        value = (value ^ letters[:, column]) * _PRIME
    return value
