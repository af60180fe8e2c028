"""How unlikely it is that a word was meant when another was typed."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

SWAPPED = 1.9
LETTER_OF_TWO_MISSING, LETTER_OF_TWO_MORE = 1.1, 2.0
VOWEL_MISSING, VOWEL_MORE, OTHER_VOWEL = 2.0, 4.1, 3.8
SOUNDS_ALIKE, NEXT_KEY, OTHER_LETTER = 3.3, 4.7, 5.6
H_MISSING, H_MORE = 3.2, 3.2
LETTER_MISSING, LETTER_MORE = 2.7, 5.0
APOSTROPHE = 0.5
FIRST_DIFFERS, LAST_DIFFERS = 1.6, 1.5

_LETTERS = "abcdefghijklmnopqrstuvwxyz'"
_VOWELS = "aeiouy"
_ACCENTED = {
    "à": "a",
    "á": "a",
    "è": "e",
    "é": "e",
    "ì": "i",
    "í": "i",
    "ò": "o",
    "ó": "o",
    "ù": "u",
    "ú": "u",
}
_ALIKE = "bp cg ck cq cs cx cz dg dt ei fp fv gj jy kq kx mn sx sz uw"
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BAND = 3
_CHUNK = 1 << 13
_FAR = np.float32(1e6)
_STRANGE = len(_LETTERS)

_Letters = NDArray[np.uint8]
_Costs = NDArray[np.float32]


def edit_costs(typed: Sequence[str], meant: Sequence[str]) -> _Costs:
    """Cost of the cheapest edits that turn the word that was meant into the one that was typed, for n pairs.

    d(i, j), of the first i letters typed for the first j meant, is the least of d(i-1, j-1) + the cost of
    another letter, d(i-1, j) + that of one too many, d(i, j-1) + that of one too few, and d(i-2, j-2) + that
    of two swapped. Words whose first or last letters differ pay for it once more. Costs are natural
    logarithms of odds: 1.1 for a letter of a double one left out, 5.6 for any letter instead of any other.

    Args:
        typed, meant: (n,) words. Letters that differ by their accents only count as equal.

    Returns:
        (n,) float32, 0 for equal words, 1e6 where lengths differ by more than three.

    Source: the distance is Damerau's with weights (Wagner and Fischer 1974, Lowrance and Wagner 1975). They
    are those of a conditional logit over the words within two edits, with the logarithm of the word's
    frequency, fitted to 2,500 misspellings from Wikipedia's and others' lists (codespell 2.4), none of them
    among those that results are reported on.
    """
    chunks = [
        _costs(_codes(typed[start : start + _CHUNK]), _codes(meant[start : start + _CHUNK]))
        for start in range(0, len(typed), _CHUNK)
    ]
    return np.concatenate(chunks) if chunks else np.empty(0, dtype=np.float32)


def _codes(words: Sequence[str]) -> tuple[_Letters, NDArray[np.int64]]:
    """(l, n) numbers of letters, the last for any that is not known, and (n,) lengths."""
    lengths = np.array([len(word) for word in words], dtype=np.int64)
    padded = "".join(word.translate(_PLAIN).ljust(int(lengths.max())) for word in words)
    points = np.array([*map(ord, padded)], dtype=np.int64).reshape(len(words), -1)
    return _NUMBERS[np.minimum(points, len(_NUMBERS) - 1)].T, lengths


def _costs(typed: tuple[_Letters, NDArray[np.int64]], meant: tuple[_Letters, NDArray[np.int64]]) -> _Costs:
    (one, rows), (other, columns) = typed, meant
    pairs = np.arange(len(rows))
    more, missing = _of_a_letter(one, _MORE), _of_a_letter(other, _MISSING)
    best: dict[tuple[int, int], _Costs] = {(0, 0): np.zeros(len(rows), dtype=np.float32)}
    far = np.full(len(rows), _FAR)
    result = far.copy()
    for i in range(len(one) + 1):
        for j in range(max(0, i - _BAND), min(len(other), i + _BAND) + 1):
            if i or j:
                best[i, j] = _step(i, j, one, other, more, missing, lambda a, b: best.get((a, b), far))
            ended = (rows == i) & (columns == j)
            result[ended] = best[i, j][ended]
    differ_first = (one[0] != other[0]) * FIRST_DIFFERS
    differ_last = (one[rows - 1, pairs] != other[columns - 1, pairs]) * LAST_DIFFERS
    return (result + differ_first + differ_last).astype(np.float32)


def _step(
    i: int,
    j: int,
    one: _Letters,
    other: _Letters,
    more: _Costs,
    missing: _Costs,
    before: Callable[[int, int], _Costs],
) -> _Costs:
    ways = []
    if i:
        ways.append(before(i - 1, j) + more[i - 1])
    if j:
        ways.append(before(i, j - 1) + missing[j - 1])
    if i and j:
        ways.append(before(i - 1, j - 1) + _ANOTHER[one[i - 1], other[j - 1]])
    if i > 1 and j > 1:
        swapped = (one[i - 1] == other[j - 2]) & (one[i - 2] == other[j - 1])
        ways.append(np.where(swapped, before(i - 2, j - 2) + np.float32(SWAPPED), _FAR))
    return np.minimum.reduce(ways)


def _of_a_letter(letters: _Letters, costs: tuple[_Costs, float]) -> _Costs:
    """(l, n) costs of a letter more or missing; a letter that repeats the one before has its own."""
    alone, of_two = costs
    found = alone[letters]
    found[1:][letters[1:] == letters[:-1]] = of_two
    return found


def _another() -> _Costs:
    """(28, 28) costs of typing a letter, the row, for another."""
    table = np.full((_STRANGE + 1, _STRANGE + 1), OTHER_LETTER, dtype=np.float32)
    at = {key: (row, place + row / 2) for row, keys in enumerate(_ROWS) for place, key in enumerate(keys)}
    for a, (row, place) in at.items():
        for b, (next_row, next_place) in at.items():
            near = abs(row - next_row) <= 1 and abs(place - next_place) <= 1
            cost = OTHER_VOWEL if a in _VOWELS and b in _VOWELS else NEXT_KEY if near else OTHER_LETTER
            table[_LETTERS.index(a), _LETTERS.index(b)] = cost
    for a, b in _ALIKE.split():
        for typed, meant in ((a, b), (b, a)):
            place = _LETTERS.index(typed), _LETTERS.index(meant)
            table[place] = min(float(table[place]), SOUNDS_ALIKE)
    np.fill_diagonal(table[:_STRANGE, :_STRANGE], 0)
    return table


def _each(consonant: float, vowel: float, h: float) -> _Costs:
    costs = [vowel if letter in _VOWELS else consonant for letter in _LETTERS] + [consonant]
    costs[_LETTERS.index("h")], costs[_LETTERS.index("'")] = h, APOSTROPHE
    return np.array(costs, dtype=np.float32)


def _numbers() -> _Letters:
    numbers = np.full(ord("z") + 2, _STRANGE, dtype=np.uint8)
    numbers[[*map(ord, _LETTERS)]] = range(len(_LETTERS))
    return numbers


_PLAIN = str.maketrans(_ACCENTED)
_NUMBERS = _numbers()
_ANOTHER = _another()
_MORE = (_each(LETTER_MORE, VOWEL_MORE, H_MORE), LETTER_OF_TWO_MORE)
_MISSING = (_each(LETTER_MISSING, VOWEL_MISSING, H_MISSING), LETTER_OF_TWO_MISSING)
