"""Random concepts are like the label but for where it fell, and every way to fall is as likely."""

from collections import Counter

import numpy as np
import pytest
from scipy.stats import chisquare

from analysis.explanations.held_out import folds_of, held_out_accuracy
from analysis.explanations.random_concepts import Hands, random_concepts, random_sets


def drawn(images: list[int], carries: list[int], count: int = 6000) -> Hands:
    chosen = np.isin(np.arange(len(images)), carries)
    return random_concepts(np.array(images), chosen, count, np.random.default_rng(0))


def test_clusters_are_kept() -> None:
    images = [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4]
    for concept in drawn(images, [0, 1, 2, 3, 8], 300):
        clusters = Counter(np.array(images)[concept].tolist())
        assert sorted(clusters.values()) == [1, 1, 3]
        assert all(images.count(image) >= size for image, size in clusters.items())


def test_every_way_to_fall_is_as_likely() -> None:
    """Both regions of one image and one of another, of two regions too; one in three of an image of three."""
    images = [7, 7, 5, 5, 9, 9, 9, 2, 4, 4]
    ways = Counter(tuple(np.flatnonzero(row).tolist()) for row in drawn(images, [0, 1, 2, 4]))
    pairs = {7: (0, 1), 5: (2, 3), 4: (8, 9)}
    expected = {
        tuple(sorted((*pairs[both], single, third)))
        for both in pairs
        for one in pairs
        if one != both
        for single in pairs[one]
        for third in (4, 5, 6)
    }
    assert set(ways) == expected
    assert len(expected) == 3 * 2 * 2 * 3
    assert chisquare(list(ways.values())).pvalue > 0.01


def test_images_of_another_number_of_regions_are_not_taken() -> None:
    """Labels that fall on regions evenly are on images of many regions more often: no reason to stand out."""
    found = drawn([0, 1, 1, 2, 2, 2], [0, 3], 60)
    assert {tuple(np.flatnonzero(row).tolist()) for row in found} == {(0, 3), (0, 4), (0, 5)}


def test_p_is_even_where_labels_fall_on_regions_evenly_and_images_differ() -> None:
    """Images of one to seven regions, each with an effect of its own: 200 labels, p at 10 % and below."""
    dice = np.random.default_rng(0)
    images = np.repeat(np.arange(28), np.tile(np.arange(1, 8), 4))
    value = dice.standard_normal(28)[images] * np.sqrt(np.bincount(images))[images]
    small = 0
    for _ in range(200):
        carries = np.isin(np.arange(len(images)), dice.choice(len(images), 14, replace=False))
        others = random_concepts(images, carries, 199, dice) @ value
        small += (1 + (others >= carries @ value).sum()) / 200 <= 0.1
    assert small <= 31, "binomial of 200 at 10 %: more once in 100 times"


def test_a_label_in_all_regions_of_its_images_can_only_change_images() -> None:
    found = drawn([0, 0, 1, 1, 2, 2], [0, 1], 60)
    assert {tuple(np.flatnonzero(row).tolist()) for row in found} == {(0, 1), (2, 3), (4, 5)}


def test_sets_are_drawn_without_replacement_from_what_is_free() -> None:
    found = random_sets(np.array([1, 3, 4, 6]), 2, 4000, 8, np.random.default_rng(1))
    assert (found.sum(axis=1) == 2).all()
    assert not found[:, [0, 2, 5, 7]].any()
    assert chisquare(found[:, [1, 3, 4, 6]].sum(axis=0)).pvalue > 0.01


def test_folds_keep_images_together() -> None:
    images = np.repeat([4, 8, 15, 16, 23, 42, 99], [1, 2, 3, 4, 5, 6, 7])
    folds = folds_of(images, 3, np.random.default_rng(0))
    for image in np.unique(images):
        assert len(set(folds[images == image])) == 1
    per_fold = [len(np.unique(images[folds == fold])) for fold in range(3)]
    assert sorted(per_fold) == [2, 2, 3]
    assert set(folds_of(images[:3], 5, np.random.default_rng(0))) == {0, 1}, "no more folds than images"


def test_accuracy_by_hand() -> None:
    """On a line, covariance 1: means over the other fold's regions, the threshold over pairs of them."""
    places = np.array([5.0, 3, -2, -4, 2, -1, -3, -5])
    concept = np.array([[1, 1, 0, 0, 1, 1, 0, 0]], bool)
    folds = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    # From fold 1: a = 0.5, b = -4; pairs 2 * -1 = -2 and -3 * -5 = 15; 4.5 z > (-2 - 15) / 2: z > -1.89.
    # From fold 0: a = 4, b = -3; pairs 15 and 8; 7 z > 3.5: z > 0.5.
    accuracy = held_out_accuracy(np.outer(places, places), concept, folds)
    assert accuracy.tolist() == [(3 / 4 + 1) / 2]


def test_what_cannot_be_told_counts_as_half_right() -> None:
    concept = np.array([[1, 1, 0, 0, 0, 0, 0, 0]], bool)
    folds = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    assert held_out_accuracy(np.zeros((8, 8)), concept, folds).tolist() == [0.5]
    places = np.array([9.0, 8, 1, 2, 3, 1, 2, 3])
    right = held_out_accuracy(np.outer(places, places), concept, folds)
    assert right == pytest.approx([(1 / 2 + 5 / 6) / 2]), (
        "the second fold shows no concept, so the first is even"
    )


@pytest.mark.parametrize("size", [10, 100])
def test_chance_is_a_half_for_few_among_many_in_many_dimensions(size: int) -> None:
    """A midpoint of the means would put all that is held out on the side of the many."""
    dice = np.random.default_rng(0)
    vectors = dice.standard_normal((200, 400))
    images = np.repeat(np.arange(20), 10)
    concepts = np.argsort(dice.random((300, 200)), axis=1) < size
    right = held_out_accuracy(vectors @ vectors.T, concepts, folds_of(images, 5, dice))
    assert abs(right.mean() - 0.5) < 0.02
