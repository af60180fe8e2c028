"""Groups and names on phrases kept aside, with the packaged model: floors a little below the measurement."""

import pytest

from analysis.labels.embedding import SentenceEmbedder
from analysis.labels.settings import PRESETS
from analysis.labels.vector_cache import CachedEmbedder
from tests.analysis.labels.grouped_by_hand import by_hand, judge, lossy_names, mean
from tests.analysis.labels.kept_vectors import KeptVectors

GLIMPSE, PAPER = PRESETS["glimpse"], PRESETS["paper"]


@pytest.fixture(scope="module")
def embed() -> CachedEmbedder:
    return CachedEmbedder(SentenceEmbedder(), KeptVectors())


def test_six_scopes_of_sixty_phrases_are_kept_aside_from_those_chosen_on() -> None:
    aside, chosen_on = by_hand("kept_aside"), by_hand("chosen_on")
    assert [len(phrases) for phrases in aside.values()] == [60] * 6
    assert not aside.keys() & chosen_on.keys()
    for phrases in aside.values():
        assert len({one.text for one in phrases}) == 60
        alone = [one.group for one in phrases if one.group >= 1000]
        assert len(set(alone)) == len(alone)


def test_groups_agree_with_those_by_hand_better_than_the_published_recipe(embed: CachedEmbedder) -> None:
    ours, published = judge("kept_aside", GLIMPSE, embed), judge("kept_aside", PAPER, embed)
    assert mean(ours).rand > 0.67
    assert mean(ours).v > 0.955
    assert mean(published).rand < mean(ours).rand - 0.1
    assert mean(published).v < mean(ours).v - 0.03
    assert all(score.v > published[scope].v - 0.01 for scope, score in ours.items())


def test_few_names_lose_what_half_of_the_people_said(embed: CachedEmbedder) -> None:
    groups, lossy = lossy_names("kept_aside", GLIMPSE, embed)
    assert groups > 100
    assert lossy / groups < 0.05
    several, lossy = lossy_names("kept_aside", GLIMPSE, embed, least=2)
    assert several > 50
    assert lossy / several < 0.1
