"""New labels beside kept groups: by hand, and as grouping everything again would have it."""

from dataclasses import replace
from math import log

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.labels.grouping import group
from analysis.labels.increment import KeptGroups, Place
from analysis.labels.settings import PRESETS, LabelSettings

DEFAULT = LabelSettings(max_distance=0.55, lemma_weight=0.4)
STRIPE, TAIL, LONG_TAIL, LEG = (
    frozenset(words.split()) for words in ("stripe", "tail", "long tail", "four leg")
)


def angles(*degrees: float) -> NDArray[np.float64]:
    radians = np.radians(degrees)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1)


def test_a_known_key_joins_its_group_whatever_its_vector_says() -> None:
    kept = KeptGroups(angles(0, 90), np.array([7, 3]), DEFAULT, [STRIPE, TAIL])
    assert kept.place(angles(90)[0], STRIPE) == Place(7, 0.0, clear=True)


def test_a_new_key_by_hand() -> None:
    kept = KeptGroups(2 * angles(0, 60, 180), np.array([4, 4, 9]), DEFAULT, [TAIL, STRIPE, LEG])
    # Four keys with the new one; "tail" is in two, "long" in one.
    overlap = log(1 + 4 / 2) / (log(1 + 4 / 2) + log(1 + 4 / 1))
    cosine = (1 + 0.5) / 2
    placed = kept.place(angles(0)[0], LONG_TAIL)
    assert placed.group == 4
    assert placed.distance == pytest.approx(1 - 0.6 * cosine - 0.4 * overlap / 2)
    assert placed.clear, "0.47 is more than 0.05 from the cut"


def test_labels_of_one_key_count_each() -> None:
    kept = KeptGroups(angles(0, 0, 60), np.array([0, 0, 0]), DEFAULT, [TAIL, TAIL, STRIPE])
    overlap = log(1 + 3 / 2) / (log(1 + 3 / 2) + log(1 + 3 / 1))
    expected = 1 - 0.6 * (1 + 1 + 0.5) / 3 - 0.4 * 2 * overlap / 3
    assert kept.place(angles(0)[0], LONG_TAIL).distance == pytest.approx(expected)


@pytest.mark.parametrize(
    ("degrees", "group_", "clear"),
    [
        (0, 0, True),
        (44, None, False),  # 1 - cos 44 = 0.281
        (39, 0, False),  # 0.223
        (50, None, True),  # 0.357
        (330, 0, True),  # 0.134
        (180, None, True),
    ],
)
def test_without_keys_the_cut_decides(degrees: float, group_: int | None, clear: bool) -> None:
    kept = KeptGroups(angles(0, 180 + 80), np.array([0, 1]), replace(DEFAULT, max_distance=0.25))
    placed = kept.place(angles(degrees)[0], TAIL)
    assert (placed.group, placed.clear) == (group_, clear)


def test_between_two_groups_nothing_is_clear() -> None:
    kept = KeptGroups(angles(0, 62), np.array([0, 1]), replace(DEFAULT, max_distance=0.25))
    assert kept.place(angles(30)[0], TAIL).group == 0
    assert not kept.place(angles(30)[0], TAIL).clear


def test_without_groups_every_label_starts_one() -> None:
    kept = KeptGroups(np.zeros((0, 2)), np.zeros(0, dtype=np.int64), DEFAULT, [])
    assert kept.place(angles(0)[0], TAIL) == Place(None, np.inf, clear=True)


def test_a_label_without_meaning_starts_a_group() -> None:
    kept = KeptGroups(angles(0), np.array([0]), DEFAULT, [TAIL])
    assert kept.place(np.zeros(2), STRIPE) == Place(None, 1.0, clear=True)


def test_placing_changes_nothing() -> None:
    kept = KeptGroups(angles(0), np.array([0]), DEFAULT, [TAIL])
    first = kept.place(angles(80)[0], LONG_TAIL)
    kept.place(angles(0)[0], STRIPE)
    assert kept.place(angles(80)[0], LONG_TAIL) == first


@pytest.mark.parametrize("settings", [PRESETS["paper"], replace(DEFAULT, linkage="complete")])
def test_settings_without_a_mean_distance_to_hold_against_are_refused(settings: LabelSettings) -> None:
    with pytest.raises(ValueError, match="average linkage"):
        KeptGroups(angles(0), np.array([0]), settings)


def test_what_is_clear_is_mostly_what_grouping_again_finds() -> None:
    rng = np.random.default_rng(0)
    same = clear = joined = 0
    for _ in range(100):
        centres = rng.normal(size=(8, 16))
        vectors = centres[rng.integers(8, size=41)] + 0.4 * rng.normal(size=(41, 16))
        keys = [frozenset(map(str, rng.integers(30, size=2))) for _ in range(41)]
        before = group(vectors[:-1], DEFAULT, keys[:-1])
        placed = KeptGroups(vectors[:-1], before, DEFAULT, keys[:-1]).place(vectors[-1], keys[-1])
        after = group(vectors, DEFAULT, keys)
        mates = set(np.flatnonzero(after[:-1] == after[-1]))
        expected = set() if placed.group is None else set(np.flatnonzero(before == placed.group))
        clear += placed.clear
        joined += placed.clear and placed.group is not None
        same += placed.clear and mates == expected
    assert clear > 50
    assert joined > 20
    assert same >= 0.8 * clear
