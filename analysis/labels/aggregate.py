"""From all labels of one class to named groups and scored region labels."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from analysis.labels.groups import Embed, named_groups
from analysis.labels.identity import Member, identities
from analysis.labels.records import Aggregation, LabelEntry
from analysis.labels.region_labels import region_labels
from analysis.labels.settings import LabelSettings


def aggregate(
    entries: Sequence[LabelEntry],
    embed: Embed,
    settings: LabelSettings,
    *,
    model_languages: Collection[str] = ("en",),
    known: Mapping[int, Collection[Member]] | None = None,
    used: int = -1,
) -> Aggregation:
    """Group, name and score the labels of one class of a study.

    Every entry is in exactly one group. The order of entries and their repetition change nothing: a normal
    form counts once for each player and region.

    Args:
        entries: labels of one class, any number.
        embed: see `Embed`; called once, with sorted distinct texts. `SentenceEmbedder` is one.
        settings: see `LabelSettings`.
        model_languages: of the sentence model, see `named_groups`.
        known, used: members of the last groups by number, and the highest number ever given, see
            `identities`.
    """
    given = {(entry.text, entry.player, entry.region) for entry in entries}
    named = named_groups(
        Counter(text for text, _, _ in given),
        _languages(entries),
        embed,
        settings,
        model_languages=model_languages,
    )
    numbers = identities([group.members for group in named], known or {}, used)
    groups = tuple(replace(group, number=number) for group, number in zip(named, numbers, strict=True))
    return Aggregation(groups, region_labels(entries, groups, settings))


def _languages(entries: Sequence[LabelEntry]) -> dict[str, str]:
    """Of each text the language in which most gave it."""
    given: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, language, _, _ in {(one.text, one.language, one.player, one.region) for one in entries}:
        given[text][language] += 1
    return {text: min(codes, key=lambda code: (-codes[code], code)) for text, codes in given.items()}
