"""How unlikely a letter is for another, one too many or one too few: natural logarithms of odds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SWAPPED = 1.9
LETTER_OF_TWO_MISSING, LETTER_OF_TWO_MORE = 1.1, 2.0
VOWEL_MISSING, VOWEL_MORE, OTHER_VOWEL = 2.0, 4.1, 3.8
H_MISSING, H_MORE = 3.2, 3.2
LETTER_MISSING, LETTER_MORE = 2.7, 5.0
SOUNDS_ALIKE, NEXT_KEY, OTHER_LETTER = 3.3, 4.7, 5.6
TWO_SOUND_LIKE_ONE = 2.2
APOSTROPHE = 0.5
FIRST_DIFFERS, LAST_DIFFERS = 1.6, 1.5
FAR = np.float32(1e6)
"""More than anything costs."""

LETTERS = "abcdefghijklmnopqrstuvwxyz'"
STRANGE = len(LETTERS)
"""The number of any letter that has none."""
KINDS = STRANGE + 1

_VOWELS = "aeiouy"
_PLAIN = str.maketrans("àáâäçèéêëìíîïñòóôöùúûü", "aaaaceeeeiiiinoooouuuu")
_ALIKE = "bp cg ck cq cs cx cz dg dt fp fv gj jy kq kx mn sx sz uw"
_TWO_AND_ONE = "ph-f ie-y ey-y ch-k ck-k ck-c gh-g kn-n wr-r rh-r wh-w sc-s ks-x cq-q"
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

Numbers = NDArray[np.intp]
Costs = NDArray[np.float32]


def numbers_of(words: Sequence[str], lengths: Numbers) -> Numbers:
    """(l, n) numbers of the letters of n words, accents left out, with `STRANGE` behind the shorter ones."""
    longest = int(lengths.max())
    padded = "".join(word.translate(_PLAIN).ljust(longest) for word in words)
    points = np.frombuffer(padded.encode("utf-32-le"), dtype=np.uint32).reshape(len(words), longest)
    return np.ascontiguousarray(_NUMBERS[np.minimum(points, len(_NUMBERS) - 1)].T)


def _number(letter: str) -> int:
    return LETTERS.index(letter)


def _numbers() -> Numbers:
    numbers = np.full(ord("z") + 2, STRANGE, dtype=np.intp)
    numbers[[ord(letter) for letter in LETTERS]] = range(len(LETTERS))
    return numbers


def _each(consonant: float, vowel: float, h: float) -> Costs:
    costs = [vowel if letter in _VOWELS else consonant for letter in LETTERS] + [consonant]
    costs[_number("h")], costs[_number("'")] = h, APOSTROPHE
    return np.array(costs, dtype=np.float32)


def _another() -> Costs:
    table = np.full((KINDS, KINDS), OTHER_LETTER, dtype=np.float32)
    at = {key: (row, place + row / 2) for row, keys in enumerate(_ROWS) for place, key in enumerate(keys)}
    for typed, (row, place) in at.items():
        for meant, (next_row, next_place) in at.items():
            near = abs(row - next_row) <= 1 and abs(place - next_place) <= 1
            vowels = typed in _VOWELS and meant in _VOWELS
            cost = OTHER_VOWEL if vowels else NEXT_KEY if near else OTHER_LETTER
            table[_number(typed), _number(meant)] = cost
    for pair in _ALIKE.split():
        one, other = map(_number, pair)
        table[one, other] = table[other, one] = SOUNDS_ALIKE
    np.fill_diagonal(table[:STRANGE, :STRANGE], 0)
    return table.ravel()


def _two_and_one() -> Costs:
    table = np.full((KINDS, KINDS, KINDS), FAR, dtype=np.float32)
    for pair in _TWO_AND_ONE.split():
        two, one = pair.split("-")
        table[_number(two[0]), _number(two[1]), _number(one)] = TWO_SOUND_LIKE_ONE
    return table.ravel()


_NUMBERS = _numbers()
MORE = _each(LETTER_MORE, VOWEL_MORE, H_MORE)
"""(28,) of each letter where it is one too many."""
MISSING = _each(LETTER_MISSING, VOWEL_MISSING, H_MISSING)
"""(28,) of each letter where it is left out."""
ANOTHER = _another()
"""(28 * 28,) of typing the first letter for the second; 0 for itself."""
TWO_AND_ONE = _two_and_one()
"""(28 * 28 * 28,) of two letters and the one that sounds alike, typed for each other."""
