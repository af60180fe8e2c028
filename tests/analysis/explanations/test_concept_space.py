"""Classifiers and slopes of a layer, against the same computed in full with scikit-learn's covariance."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.covariance import LedoitWolf

from analysis.explanations.concept_scores import (
    mean_slopes,
    scores_against_sets,
    scores_of_each,
    shares,
)
from analysis.explanations.concept_space import ConceptSpace, concept_space
from analysis.explanations.random_concepts import Hands

REGIONS, CHANNELS, IMAGES = 40, 12, 7
Table = NDArray[np.float64]


def table(seed: int, rows: int, columns: int = CHANNELS) -> Table:
    return np.random.default_rng(seed).standard_normal((rows, columns)) * np.arange(1, columns + 1)


def some(seed: int, count: int, regions: int = REGIONS) -> Hands:
    """Sets of a third of the regions, (count, regions)."""
    return np.argsort(np.random.default_rng(seed).random((count, regions)), axis=1) < regions // 3


@pytest.mark.parametrize("channels", [12, 90])
def test_products_are_those_of_the_whole_covariance(channels: int) -> None:
    vectors, gradients = table(1, REGIONS, channels), table(2, IMAGES, channels)
    space = concept_space(vectors, gradients)
    scale = vectors.std(axis=0)
    scaled = (vectors - vectors.mean(axis=0)) / scale
    covariance = LedoitWolf(assume_centered=True).fit(scaled).covariance_
    whitened = np.linalg.solve(covariance, scaled.T).T
    assert np.allclose(space.inner, whitened @ scaled.T)
    concepts = some(3, 4)
    differences = shares(concepts) - shares(~concepts)
    for row, difference in enumerate(differences):
        normal = difference @ whitened
        expected = (gradients * scale) @ normal / np.linalg.norm(normal)
        assert np.allclose(space.derivatives(differences)[row], expected)


def test_the_mean_slope_is_the_mean_over_images() -> None:
    space = concept_space(table(1, REGIONS), table(2, IMAGES))
    concepts = some(3, 4)
    expected = space.derivatives(shares(concepts) - shares(~concepts)).mean(axis=1)
    assert np.allclose(mean_slopes(space, concepts), expected)


def test_scale_of_channels_changes_nothing() -> None:
    """A channel in other units has its gradient in these: the logit is the same function."""
    vectors, gradients, units = table(1, REGIONS), table(2, IMAGES), 10.0 ** np.arange(-6, 6)
    one, other = concept_space(vectors, gradients), concept_space(vectors * units + 3, gradients / units)
    for name in ("inner", "slopes", "norms"):
        assert np.allclose(getattr(one, name), getattr(other, name), rtol=1e-6), name


def test_a_channel_that_is_the_same_everywhere_says_nothing() -> None:
    vectors, gradients = table(1, REGIONS), table(2, IMAGES)
    wider = np.column_stack([vectors, np.full(REGIONS, 7.1)])
    steep = np.column_stack([gradients, np.full(IMAGES, 1e9)])
    assert np.allclose(concept_space(vectors, gradients).slopes, concept_space(wider, steep).slopes)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e30])
def test_regions_that_are_all_the_same_have_no_direction(value: float) -> None:
    space = concept_space(np.full((REGIONS, CHANNELS), value), table(2, IMAGES))
    assert mean_slopes(space, some(3, 4)).tolist() == [0, 0, 0, 0]
    assert scores_of_each(space, some(3, 4), np.random.default_rng(0)).tolist() == [0, 0, 0, 0]


def along_one_channel() -> tuple[ConceptSpace, Hands]:
    """Two channels that do not correlate; the concept is the first four regions, high in channel 0."""
    vectors = np.array([[1, 1], [1, -1], [1, 1], [1, -1], [-1, 1], [-1, -1], [-1, 1], [-1, -1]], float)
    gradients = np.array([[2, 0], [3, 5], [-1, 0], [0.5, -9]], float)
    return concept_space(vectors, gradients), np.arange(8) < 4


def test_slopes_and_scores_by_hand() -> None:
    space, concept = along_one_channel()
    difference = shares(concept[None]) - shares(~concept[None])
    assert np.allclose(space.derivatives(difference), [[2, 3, -1, 0.5]]), "the normal is the first channel"
    assert mean_slopes(space, concept[None]) == pytest.approx([4.5 / 4])
    assert mean_slopes(space, ~concept[None]) == pytest.approx([-4.5 / 4])
    dice = np.random.default_rng(0)
    assert scores_against_sets(space, concept, 30, dice).tolist() == [0.75] * 30, "all others are each set"
    assert scores_against_sets(space, ~concept, 30, dice).tolist() == [0.25] * 30
    assert scores_of_each(space, np.stack([concept, ~concept]), dice).tolist() == [0.75, 0.25]


def test_random_sets_are_as_large_as_the_concept_and_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Table] = []
    space = concept_space(table(1, REGIONS), table(2, IMAGES))
    plain = ConceptSpace.derivatives

    def watched(self: ConceptSpace, differences: Table) -> Table:
        seen.append(differences)
        return plain(self, differences)

    monkeypatch.setattr(ConceptSpace, "derivatives", watched)
    concepts = some(3, 5)
    scores_against_sets(space, concepts[0], 30, np.random.default_rng(0))
    scores_of_each(space, concepts, np.random.default_rng(0))
    size = REGIONS // 3
    for differences, own in ((seen[0], concepts[[0] * 30]), (seen[1], concepts)):
        assert np.allclose(differences[own], 1 / size)
        assert ((differences < 0).sum(axis=1) == size).all()
        assert np.allclose(differences.sum(axis=1), 0)
    assert len(np.unique(seen[0], axis=0)) == 30, "another set each time"
