"""Sentence and words blended, by hand."""

import numpy as np
import pytest

from analysis.labels.phrase_vectors import phrase_vectors, texts_to_embed

STRIPE, LEG, BOTH = frozenset({"stripe"}), frozenset({"leg"}), frozenset({"stripe", "leg"})
VECTORS = {
    "has stripes": np.array([0.0, 1.0]),
    "striped legs": np.array([3.0, 0.0]),
    "stripe": np.array([2.0, 0.0]),
    "leg": np.array([0.0, 0.5]),
}


def test_vectors_by_hand() -> None:
    blended = phrase_vectors(["has stripes", "striped legs"], [STRIPE, BOTH], VECTORS, 0.25)
    half = np.sqrt(0.5)
    # 0.75 (0, 1) + 0.25 (1, 0), and 0.75 (1, 0) + 0.25 ((1, 0) + (0, 1)) / |...|
    np.testing.assert_allclose(blended, [[0.25, 0.75], [0.75 + 0.25 * half, 0.25 * half]], rtol=1e-6)
    assert blended.dtype == np.float32


def test_without_words_vectors_stay_as_they_came() -> None:
    blended = phrase_vectors(["striped legs", "has stripes"], [BOTH, STRIPE], VECTORS, 0)
    np.testing.assert_array_equal(blended, [[3, 0], [0, 1]])


def test_lemmas_without_a_vector_are_left_out() -> None:
    known = {text: vector for text, vector in VECTORS.items() if text != "leg"}
    blended = phrase_vectors(["has stripes", "striped legs"], [LEG, BOTH], known, 0.5)
    np.testing.assert_allclose(blended, [[0, 1], [1, 0]])


def test_phrases_do_not_depend_on_others() -> None:
    both = phrase_vectors(["has stripes", "striped legs"], [STRIPE, BOTH], VECTORS, 0.4)
    turned = phrase_vectors(["striped legs", "has stripes"], [BOTH, STRIPE], VECTORS, 0.4)
    np.testing.assert_array_equal(both, turned[::-1])
    np.testing.assert_array_equal(both[:1], phrase_vectors(["has stripes"], [STRIPE], VECTORS, 0.4))


@pytest.mark.parametrize(
    ("weight", "texts"),
    [(0.3, ["has stripes", "leg", "stripe", "striped legs"]), (0, ["has stripes", "striped legs"])],
)
def test_what_is_embedded(weight: float, texts: list[str]) -> None:
    assert texts_to_embed(["striped legs", "has stripes"], [BOTH, STRIPE], weight) == texts
