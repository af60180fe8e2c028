"""Named groups of the labels of one class or other scope."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.labels.grouping import group
from analysis.labels.lemma_key import lemma_key
from analysis.labels.name_merging import by_size, merge_by_lemma
from analysis.labels.naming import candidate_words, group_name, phrase_name
from analysis.labels.opposites import Said, parted
from analysis.labels.phrase_vectors import phrase_vectors, texts_to_embed
from analysis.labels.records import LabelGroup
from analysis.labels.settings import LabelSettings

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""n texts -> (n, d) float32, rows of length 1."""


def named_groups(
    counts: Mapping[str, int],
    languages: Mapping[str, str],
    embed: Embed,
    settings: LabelSettings,
    *,
    model_languages: Collection[str] = ("en",),
) -> tuple[LabelGroup, ...]:
    """Group distinct phrases and name the groups; the order of the mappings changes nothing.

    Args:
        counts: phrases in normal form, and how many people gave each.
        languages: of each phrase, an ISO 639-1 code; "en" where it is missing.
        embed: see `Embed`; called once, with sorted distinct texts.
        settings: see `LabelSettings`.
        model_languages: of the sentence model. Phrases in these meet in one group; those in any other
            language only meet their own, since their vectors say nothing about meaning across languages.
    """
    if not counts:
        return ()
    phrases = sorted(counts)
    words = candidate_words(phrases) if settings.naming == "word" else []
    texts = texts_to_embed([*phrases, *words], map(lemma_key, phrases), settings.word_weight)
    vectors = dict(zip(texts, embed(texts), strict=True))
    by_language: defaultdict[str, list[str]] = defaultdict(list)
    for phrase in phrases:
        language = languages.get(phrase, "en")
        by_language["" if language in model_languages else language].append(phrase)
    groups = [members for own in by_language.values() for members in _members(own, counts, vectors, settings)]
    if settings.naming == "word":
        return merge_by_lemma([(group_name(members, vectors), members) for members in groups])
    return by_size([(phrase_name(members), members) for members in groups])


def _members(
    phrases: Sequence[str],
    counts: Mapping[str, int],
    vectors: Mapping[str, NDArray[np.float32]],
    settings: LabelSettings,
) -> list[list[tuple[str, int]]]:
    keys = [lemma_key(phrase) for phrase in phrases]
    assigned = group(phrase_vectors(phrases, keys, vectors, settings.word_weight), settings, keys)
    groups: list[list[Said]] = [[] for _ in range(int(assigned.max()) + 1)]
    for phrase, key, index in zip(phrases, keys, assigned, strict=True):
        groups[index].append((phrase, counts[phrase], key))
    if settings.opposites:
        groups = [part for own in groups for part in parted(own)]
    return [[(phrase, count) for phrase, count, _ in own] for own in groups]
