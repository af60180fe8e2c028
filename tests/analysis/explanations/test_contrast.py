"""Two classes beside each other, by hand."""

from itertools import combinations

import numpy as np
import pytest

from analysis.explanations.contrast import ContrastSettings, contrast
from analysis.explanations.permutation import holm, permutation_p
from tests.analysis.explanations.classes import LAYERS, scored


def test_shares_are_of_an_images_own_scores() -> None:
    zebras = [scored(1, {}, {}, {1: 3.0, 2: 1.0}), scored(2, {}, {}, {1: 10.0})]
    horses = [scored(3, {}, {2: 4.0}, {}), scored(4, {}, {2: 1.0}, {4: 1.0}), scored(5, {}, {}, {})]
    found = contrast(zebras, horses, LAYERS)
    assert found.images == (2, 2), "the last has no words"
    assert found.shared == ()
    (stripes,) = found.one
    assert (stripes.name, stripes.one.share, stripes.one.score, stripes.one.images) == (
        "stripes",
        (3 / 4 + 1) / 2,
        13,
        2,
    )
    assert (stripes.one.layers, stripes.other.groups, stripes.other.name) == (("deep",), (), "")
    legs, mane = found.other
    assert (legs.name, legs.one.share, legs.other.share) == ("legs", 0.125, 0.75)
    assert legs.difference == pytest.approx(-0.625)
    assert (mane.name, mane.other.share) == ("mane", 0.25)


def test_what_both_have_is_shared() -> None:
    one, other = [scored(1, {}, {}, {1: 1.0, 2: 1.0})], [scored(2, {}, {}, {1: 1.0, 2: 3.0})]
    found = contrast(one, other, LAYERS)
    assert [(m.name, m.one.share, m.other.share) for m in found.shared] == [
        ("legs", 0.5, 0.75),
        ("stripes", 0.5, 0.25),
    ]
    assert (found.one, found.other) == ((), ())


def test_a_certain_difference_and_one_by_chance() -> None:
    one = [scored(i, {}, {}, {1: 9.0, 2: 1.0}) for i in range(6)]
    other = [scored(10 + i, {}, {}, {4: 9.0, 2: 1.0}) for i in range(6)]
    found = contrast(one, other, LAYERS)
    (stripes,), (mane,) = found.one, found.other
    # 924 ways to deal twelve images, of which two are so far apart; two of three meanings are that sure
    assert stripes.p == pytest.approx(2 / 924)
    assert stripes.corrected_p == pytest.approx(3 * 2 / 924)
    assert stripes.certain
    assert mane.certain
    assert [(m.name, m.certain, m.p) for m in found.shared] == [("legs", False, 1.0)]
    assert found.tested == 3


def test_too_few_images_are_not_tested() -> None:
    found = contrast([scored(1, {}, {}, {1: 1.0})], [scored(2, {}, {}, {4: 1.0})], LAYERS)
    assert [(m.p, m.corrected_p, m.certain) for m in (*found.one, *found.other)] == [(None, None, False)] * 2
    assert found.tested == 0


def test_meanings_meet_by_vectors_of_their_names() -> None:
    one, other = [scored(1, {}, {}, {1: 1.0})], [scored(2, {}, {}, {7: 1.0})]
    near = {"stripes": np.array([1.0, 0]), "fur": np.array([0.98, 0.2])}
    assert contrast(one, other, LAYERS).shared == ()
    (meaning,) = contrast(one, other, LAYERS, vectors=near).shared
    assert (meaning.one.groups, meaning.other.groups, meaning.name) == ((1,), (7,), "fur")
    far = {"stripes": np.array([1.0, 0]), "fur": np.array([0.0, 1])}
    assert contrast(one, other, LAYERS, vectors=far).shared == ()


def test_the_order_of_images_and_classes_changes_nothing_but_sides() -> None:
    one = [scored(i, {1: 1.0 + i}, {2: 2.0}, {1: 3.0}) for i in range(4)]
    other = [scored(10 + i, {4: 1.0 + i}, {2: 1.0 * i}, {}) for i in range(5)]
    found = contrast(one, other, LAYERS)
    assert contrast(one[::-1], other[::-1], LAYERS) == found
    turned = contrast(other, one, LAYERS)
    assert [m.name for m in turned.one] == [m.name for m in found.other]
    assert [m.p for m in turned.other] == pytest.approx([m.p for m in found.one])


def test_nothing_is_compared_without_words_and_no_image_is_in_both() -> None:
    assert contrast([], [scored(1, {}, {}, {1: 1.0})], LAYERS).images == (0, 1)
    with pytest.raises(ValueError, match="in common"):
        contrast([scored(1, {}, {}, {})], [scored(1, {}, {}, {})], LAYERS)


@pytest.mark.parametrize("settings", [{"low": 1.0}, {"level": 0.0}, {"permutations": 98}, {"min_images": 0}])
def test_settings_out_of_range_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"low|permutations"):
        ContrastSettings(**settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(3))
def test_exact_p_values_count_every_deal(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.random((4, 3)), rng.random((5, 3)) + 0.3
    exact = permutation_p(one, other, permutations=9999, seed=0)
    differences = [
        abs(both[list(hand)].mean(axis=0) - np.delete(both, list(hand), axis=0).mean(axis=0))
        for both in [np.concatenate([one, other])]
        for hand in combinations(range(9), 4)
    ]
    seen = abs(one.mean(axis=0) - other.mean(axis=0))
    np.testing.assert_allclose(exact, np.mean(np.array(differences) >= seen - 1e-12, axis=0))


def test_drawn_p_values_near_the_exact_ones() -> None:
    rng = np.random.default_rng(0)
    one, other = rng.random((6, 4)), rng.random((6, 4)) + 0.2
    exact = permutation_p(one, other, permutations=924, seed=0)
    np.testing.assert_allclose(permutation_p(one, other, permutations=923, seed=0), exact, atol=0.05)


def test_holm_by_hand() -> None:
    assert holm(np.array([0.5, 0.01, 0.4])).tolist() == pytest.approx([0.8, 0.03, 0.8])
