"""From all labels of one class to named groups and scored region labels."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.labels.grouping import group
from analysis.labels.name_merging import merge_by_lemma
from analysis.labels.naming import candidate_words, group_name
from analysis.labels.records import Aggregation, LabelEntry, LabelGroup
from analysis.labels.region_labels import region_labels
from analysis.labels.settings import LabelSettings

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""n texts -> (n, d) float32, rows of length 1."""


def aggregate(entries: Sequence[LabelEntry], embed: Embed, settings: LabelSettings) -> Aggregation:
    """Group, name and score the labels of one class of a study.

    Every entry is in exactly one group. The order of entries and their repetition change nothing: a normal
    form counts once for each player and region.

    Args:
        entries: labels of one class, any number.
        embed: see `Embed`; called once, with sorted distinct texts. `SentenceEmbedder` is one.
        settings: see `LabelSettings`.
    """
    given = {(entry.text, entry.player, entry.region) for entry in entries}
    counts = Counter(text for text, _, _ in given)
    groups = _named_groups(sorted(counts), counts, embed, settings)
    return Aggregation(groups, region_labels(entries, groups, settings))


def _named_groups(
    phrases: Sequence[str], counts: Mapping[str, int], embed: Embed, settings: LabelSettings
) -> tuple[LabelGroup, ...]:
    if not phrases:
        return ()
    texts = sorted({*phrases, *candidate_words(phrases)})
    vectors = dict(zip(texts, embed(texts), strict=True))
    assigned = group(
        np.stack([vectors[phrase] for phrase in phrases]),
        np.array([counts[phrase] for phrase in phrases]),
        settings,
    )
    members: list[list[tuple[str, int]]] = [[] for _ in range(int(assigned.max()) + 1)]
    for phrase, index in zip(phrases, assigned, strict=True):
        members[index].append((phrase, counts[phrase]))
    return merge_by_lemma([(group_name(group_members, vectors), group_members) for group_members in members])
