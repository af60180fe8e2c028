"""Each text is embedded once, ever."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.labels.embedding import SentenceEmbedder
from analysis.labels.vector_cache import CachedEmbedder
from analysis.labels.vocabulary import vocabulary
from labeling.models import SentenceVector
from labeling.services.explanations import words_load
from labeling.services.vectors import VectorTable, unsaid_vectors, vectors_forget

pytestmark = pytest.mark.django_db


class Counting(SentenceEmbedder):
    """The packaged model, with a list of what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return super().__call__(texts)


def test_each_text_is_embedded_once_and_comes_back_as_it_was() -> None:
    model = Counting()
    kept = CachedEmbedder(model, VectorTable())
    texts = ["stripes", "🦓", "", "beak", "stripes"]
    first = kept(texts)
    assert model.asked == ["", "beak", "stripes", "🦓"]
    again = CachedEmbedder(model, VectorTable())(["beak", "wheel", "stripes"])
    assert model.asked == ["", "beak", "stripes", "🦓", "wheel"]
    np.testing.assert_array_equal(again[[0, 2]], first[[3, 0]])
    assert again.dtype == np.float32
    np.testing.assert_allclose(first, SentenceEmbedder()(texts), atol=1e-5)


def test_models_are_kept_apart() -> None:
    model = Counting()
    CachedEmbedder(model, VectorTable())(["stripes"])
    model.name = "another"
    CachedEmbedder(model, VectorTable())(["stripes"])
    assert model.asked == ["stripes"] * 2
    assert SentenceVector.objects.count() == 2


def test_more_texts_than_one_statement_holds() -> None:
    model = Counting()
    texts = [f"stripe {number}" for number in range(1100)]
    assert CachedEmbedder(model, VectorTable())(texts).shape == (1100, 384)
    CachedEmbedder(model, VectorTable())(texts)
    assert len(model.asked) == 1100


def test_no_texts_give_no_rows() -> None:
    assert CachedEmbedder(SentenceEmbedder(), VectorTable())([]).shape == (0, 384)


def test_lemmas_of_a_forgotten_text_are_forgotten_with_it() -> None:
    CachedEmbedder(Counting(), VectorTable())(["striped legs", "striped", "stripe", "leg", "beak"])
    vectors_forget(digests=unsaid_vectors(["striped legs"]))
    model = Counting()
    CachedEmbedder(model, VectorTable())(["striped legs", "striped", "stripe", "leg", "beak"])
    assert model.asked == ["leg", "stripe", "striped", "striped legs"]


def test_a_worker_that_starts_loads_its_words_and_keeps_nothing() -> None:
    vocabulary.cache_clear()
    words_load()
    assert vocabulary.cache_info().currsize > 0
    assert not SentenceVector.objects.exists()
