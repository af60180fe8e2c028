"""Groups against scikit-learn, by hand at the edges, and however the rows come."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score, silhouette_score

from analysis.labels.embedding import SentenceEmbedder
from analysis.labels.grouping import group
from analysis.labels.lemma_key import lemma_key
from analysis.labels.settings import PRESETS, LabelSettings
from analysis.labels.silhouette import mean_silhouettes
from analysis.labels.similarity import cosine_distances, label_distances
from analysis.labels.tree import build_tree

Array = NDArray[np.float64]
PAPER = PRESETS["paper"]
DEFAULT = LabelSettings()
TYPED = Path(__file__).parent / "data" / "chosen_on.csv"


def blobs(n: int, seed: int, spread: float = 0.5) -> Array:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(max(n // 5, 1), 16))
    return centres[rng.integers(len(centres), size=n)] + spread * rng.normal(size=(n, 16))


def refit(distances: Array, k: int) -> NDArray[np.int64]:
    labels: NDArray[np.int64] = AgglomerativeClustering(
        n_clusters=k, metric="precomputed", linkage="complete"
    ).fit_predict(distances)
    return labels


def angles(*degrees: float) -> Array:
    radians = np.radians(degrees)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1)


@pytest.fixture(scope="module")
def typed() -> tuple[list[str], NDArray[np.float32]]:
    with TYPED.open(encoding="utf-8", newline="") as file:
        texts = sorted({row["text"] for row in csv.DictReader(file)})[:200]
    return texts, SentenceEmbedder()(texts)


def best_refit(distances: Array) -> NDArray[np.int64]:
    """The published recipe as its notebooks have it: every k fitted and judged anew."""
    fits = {k: refit(distances, k) for k in range(2, len(distances))}
    scores = {k: silhouette_score(distances, fit, metric="precomputed") for k, fit in fits.items()}
    return fits[max(scores, key=lambda k: (scores[k], -k))]


def test_the_paper_settings_find_what_the_recipe_finds_in_200_typed_labels(
    typed: tuple[list[str], NDArray[np.float32]],
) -> None:
    texts, vectors = typed
    assert len(texts) == 200
    found = group(vectors, PAPER)
    expected = best_refit(cosine_distances(vectors))
    assert adjusted_rand_score(found, expected) == 1
    assert 2 < found.max() + 1 < 200


@pytest.mark.parametrize("with_keys", [True, False])
def test_the_default_finds_what_scikit_learn_finds_in_typed_labels(
    typed: tuple[list[str], NDArray[np.float32]], with_keys: bool
) -> None:
    texts, vectors = typed
    keys = [lemma_key(text) for text in texts] if with_keys else None
    distances = label_distances(vectors, keys, DEFAULT.lemma_weight)
    expected = AgglomerativeClustering(
        n_clusters=None, distance_threshold=DEFAULT.max_distance, metric="precomputed", linkage="average"
    ).fit_predict(distances)
    found = group(vectors, DEFAULT, keys)
    assert adjusted_rand_score(found, expected) == 1
    assert 2 < found.max() + 1 < 200


@pytest.mark.parametrize("seed", range(5))
def test_labels_of_few_keys_are_grouped_as_scikit_learn_groups_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    words = [frozenset(rng.choice(list("abcdef"), size=rng.integers(1, 4))) for _ in range(120)]
    vectors = blobs(120, seed)
    distances = label_distances(vectors, words, DEFAULT.lemma_weight)
    expected = AgglomerativeClustering(
        n_clusters=None, distance_threshold=DEFAULT.max_distance, metric="precomputed", linkage="average"
    ).fit_predict(distances)
    found = group(vectors, DEFAULT, words)
    assert len({words[row] for row in range(120)}) < 42
    assert adjusted_rand_score(found, expected) == 1


def test_ten_thousand_labels_of_one_key_are_one_group() -> None:
    vectors = np.random.default_rng(0).normal(size=(10_000, 8))
    assert group(vectors, DEFAULT, [frozenset({"stripe"})] * 10_000).max() == 0


@pytest.mark.parametrize("seed", range(5))
def test_the_paper_settings_find_what_refitting_for_every_k_finds(seed: int) -> None:
    vectors = blobs(40, seed)
    distances = cosine_distances(vectors)
    assert adjusted_rand_score(group(vectors, PAPER), best_refit(distances)) == 1


@pytest.mark.parametrize("seed", range(3))
def test_every_silhouette_of_the_tree_is_scikit_learns(seed: int) -> None:
    distances = cosine_distances(blobs(30, seed, spread=1.0))
    expected = [silhouette_score(distances, refit(distances, k), metric="precomputed") for k in range(2, 30)]
    np.testing.assert_allclose(
        mean_silhouettes(distances, build_tree(distances, "complete")), expected, atol=1e-12
    )


def test_silhouettes_by_hand() -> None:
    distances = np.array([[0.0, 1, 4], [1, 0, 5], [4, 5, 0]])
    tree = build_tree(distances, "complete")
    assert tree.cut(2).tolist() == [0, 0, 1]
    assert tree.heights.tolist() == [1, 5]
    third_is_alone = ((4 - 1) / 4 + (5 - 1) / 5 + 0) / 3
    assert mean_silhouettes(distances, tree) == pytest.approx([third_is_alone])


def test_three_unrelated_labels_stay_three_groups() -> None:
    assert group(np.eye(3), DEFAULT).tolist() == [0, 1, 2]
    assert group(np.eye(300), DEFAULT).tolist() == list(range(300))
    assert group(np.eye(3), PAPER).max() == 1


def test_labels_of_one_meaning_are_one_group() -> None:
    assert group(angles(0, 5, 10, 20), DEFAULT).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("degrees", "groups"), [((), []), ((10,), [0]), ((0, 20), [0, 0]), ((0, 90), [0, 1]), ((0, 0), [0, 0])]
)
def test_edges(degrees: tuple[float, ...], groups: list[int]) -> None:
    assert group(angles(*degrees), DEFAULT).tolist() == groups


def test_equal_vectors_are_one_group_and_zero_vectors_are_alone() -> None:
    assert group(np.ones((50, 3)), DEFAULT).max() == 0
    assert group(np.array([[0.0, 0], [1, 0], [0, 0]]), DEFAULT).tolist() == [0, 1, 2]


@pytest.mark.parametrize("seed", range(3))
def test_permuted_rows_give_the_same_partition(seed: int) -> None:
    vectors = blobs(50, seed)
    order = np.random.default_rng(seed + 1).permutation(50)
    shuffled = group(vectors[order], DEFAULT)
    assert adjusted_rand_score(group(vectors, DEFAULT)[order], shuffled) == 1


@pytest.mark.parametrize("vectors", [np.ones(3), np.full((3, 2), np.nan)])
def test_input_that_does_not_fit_is_refused(vectors: Array) -> None:
    with pytest.raises(ValueError, match=r"need|finite"):
        group(vectors, DEFAULT)


def test_the_papers_settings_at_their_edges() -> None:
    assert group(np.ones((50, 3)), PAPER).max() == 0
    assert group(np.eye(2), PAPER).tolist() == [0, 1]
    assert group(np.ones((2, 2)), PAPER).tolist() == [0, 0]


def test_the_default_cuts_at_a_mean_distance() -> None:
    # cos 45 degrees: 0.293 apart; the third is 1 - cos 75 = 0.741 and 1 - cos 30 = 0.134 from them
    assert group(angles(0, 45, 75), replace(DEFAULT, max_distance=0.2)).tolist() == [0, 1, 1]
    # joined with both at their mean distance: (0.741 + 0.293) / 2 = 0.517
    assert group(angles(0, 45, 75), replace(DEFAULT, max_distance=0.5)).tolist() == [0, 1, 1]
    assert group(angles(0, 45, 75), replace(DEFAULT, max_distance=0.52)).tolist() == [0, 0, 0]


def test_labels_of_one_lemma_key_share_a_group_whatever_their_vectors_say() -> None:
    stripe, tail = frozenset({"stripe"}), frozenset({"tail"})
    assert group(np.eye(3), DEFAULT, [stripe, tail, stripe]).tolist() == [0, 1, 0]
    assert group(np.eye(3), PAPER, [stripe, tail, stripe]).max() == 1, "the paper's looks at none"


def test_a_key_is_needed_for_each_label() -> None:
    with pytest.raises(ValueError, match="a key for each"):
        group(np.eye(2), DEFAULT, [frozenset({"a"})])
