"""How well groups and names agree with groups by hand, on phrases that people typed."""

import pytest

from analysis.labels.embedding import SentenceEmbedder
from analysis.labels.settings import PRESETS
from analysis.labels.vector_cache import CachedEmbedder
from tests.analysis.labels.grouped_by_hand import judge, lossy_names, mean
from tests.analysis.labels.kept_vectors import KeptVectors
from tests.benchmarks.tables import Cell, publish

SETS = ("chosen_on", "kept_aside")


@pytest.mark.benchmark_table
def test_groups_against_groups_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    embed = CachedEmbedder(SentenceEmbedder(), KeptVectors())
    rows: list[dict[str, Cell]] = []
    for name in SETS:
        for preset, settings in PRESETS.items():
            scores = judge(name, settings, embed)
            for scope, score in [*scores.items(), ("mean", mean(scores))]:
                rows.append({"set": name, "preset": preset, "scope": scope, "ARI": score.rand, "V": score.v})
    with capsys.disabled():
        publish("grouping_quality", rows, "Settings were chosen on chosen_on; kept_aside judges.")


@pytest.mark.benchmark_table
def test_names_against_what_half_said(capsys: pytest.CaptureFixture[str]) -> None:
    embed = CachedEmbedder(SentenceEmbedder(), KeptVectors())
    rows: list[dict[str, Cell]] = []
    for name in SETS:
        for preset, settings in PRESETS.items():
            for least in (1, 2):
                groups, lossy = lossy_names(name, settings, embed, least=least)
                row: dict[str, Cell] = {"set": name, "preset": preset, "phrases at least": least}
                rows.append(row | {"groups": groups, "lose a word": lossy, "share": lossy / groups})
    with capsys.disabled():
        publish("name_quality", rows)
