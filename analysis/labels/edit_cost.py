"""How unlikely it is that a word was meant when another was typed."""

from collections.abc import Sequence

import numpy as np

from analysis.labels.letter_costs import (
    ANOTHER,
    FAR,
    FIRST_DIFFERS,
    KINDS,
    LAST_DIFFERS,
    LETTER_OF_TWO_MISSING,
    LETTER_OF_TWO_MORE,
    MISSING,
    MORE,
    STRANGE,
    SWAPPED,
    TWO_AND_ONE,
    Costs,
    Numbers,
    numbers_of,
)

_BAND = 3
_CHUNK = 1 << 11


def edit_costs(typed: Sequence[str], meant: Sequence[str]) -> Costs:
    """Cost of the cheapest edits that turn the word that was meant into the one that was typed, for n pairs.

    d(i, j), of the first i letters typed for the first j meant, is the least of d(i-1, j-1) + the cost of
    another letter, d(i-1, j) + that of one too many, d(i, j-1) + that of one too few, d(i-2, j-2) + that of
    two swapped, and d(i-1, j-2) or d(i-2, j-1) + that of two letters that sound like one. Words whose first
    or last letters differ pay for it once more. Costs are natural logarithms of odds, see `letter_costs`: 1.1
    for a letter of a double one left out, 5.6 for any letter instead of any other.

    Args:
        typed, meant: (n,) words. Letters that differ by their accents only count as equal; those of other
            alphabets are never equal.

    Returns:
        (n,) float32, 0 for equal words, 1e6 or more where an edit leads farther than three letters astray.

    Source: Damerau's distance with weights (Wagner and Fischer 1974, Lowrance and Wagner 1975). The weights
    are those of a conditional logit over the words within two edits, with the logarithm of a word's
    frequency, fitted to 2,500 misspellings in Wikipedia's and others' lists (codespell 2.4), none of them
    among those that results are reported on. That of two letters for one was set by hand.
    """
    lengths = np.array([[len(word) for word in words] for words in (typed, meant)], dtype=np.intp)
    costs = np.zeros(len(typed), dtype=np.float32)
    order = np.argsort(lengths.max(axis=0, initial=0), kind="stable")
    for start in range(0, len(order), _CHUNK):
        some = order[start : start + _CHUNK]
        (rows, columns), places = lengths[:, some], some.tolist()
        if columns.max() and rows.max():
            one = numbers_of([typed[place] for place in places], rows)
            other = numbers_of([meant[place] for place in places], columns)
            costs[some] = _Table(one, other).at(rows, columns) + _ends(one, other, rows, columns)
    return costs


def _ends(one: Numbers, other: Numbers, rows: Numbers, columns: Numbers) -> Costs:
    pairs = np.arange(len(rows))
    first = np.where(one[0] != other[0], FIRST_DIFFERS, 0)
    last = np.where(one[rows - 1, pairs] != other[columns - 1, pairs], LAST_DIFFERS, 0)
    return np.asarray(first + last, dtype=np.float32)


class _Table:
    """d(i, j) of many pairs at once, near the diagonal."""

    def __init__(self, one: Numbers, other: Numbers) -> None:
        self._one, self._other = one, other
        self._more = _of_letters(one, MORE, LETTER_OF_TWO_MORE)
        self._missing = _of_letters(other, MISSING, LETTER_OF_TWO_MISSING)
        self._far = np.full(one.shape[1], FAR)
        self._cells = {(0, 0): np.zeros(one.shape[1], dtype=np.float32)}
        for i in range(len(one) + 1):
            for j in range(max(0, i - _BAND), min(len(other), i + _BAND) + 1):
                if i or j:
                    self._cells[i, j] = np.minimum.reduce(self._ways(i, j))

    def at(self, rows: Numbers, columns: Numbers) -> Costs:
        """(n,) d(i, j) of each pair at its own i and j."""
        found = self._far.copy()
        for i, j in {*zip(rows.tolist(), columns.tolist(), strict=True)}:
            here = np.flatnonzero((rows == i) & (columns == j))
            found[here] = self._cell(i, j)[here]
        return found

    def _cell(self, i: int, j: int) -> Costs:
        return self._cells.get((i, j), self._far)

    def _ways(self, i: int, j: int) -> list[Costs]:
        one, other, ways = self._one, self._other, []
        if i:
            ways.append(self._cell(i - 1, j) + self._more[i - 1])
        if j:
            ways.append(self._cell(i, j - 1) + self._missing[j - 1])
        if i and j:
            ways.append(self._cell(i - 1, j - 1) + ANOTHER.take(one[i - 1] * KINDS + other[j - 1]))
        if i and j > 1:
            two = (other[j - 2] * KINDS + other[j - 1]) * KINDS + one[i - 1]
            ways.append(self._cell(i - 1, j - 2) + TWO_AND_ONE.take(two))
        if i > 1 and j:
            two = (one[i - 2] * KINDS + one[i - 1]) * KINDS + other[j - 1]
            ways.append(self._cell(i - 2, j - 1) + TWO_AND_ONE.take(two))
        if i > 1 and j > 1:
            swapped = (one[i - 1] == other[j - 2]) & (one[i - 2] == other[j - 1])
            swapped &= one[i - 1] != one[i - 2]
            ways.append(self._cell(i - 2, j - 2) + np.where(swapped, np.float32(SWAPPED), FAR))
        return ways


def _of_letters(letters: Numbers, costs: Costs, of_two: float) -> Costs:
    """(l, n) costs of a letter more or missing; one that repeats the letter before has its own."""
    found = costs.take(letters)
    found[1:][(letters[1:] == letters[:-1]) & (letters[1:] != STRANGE)] = of_two
    return found
