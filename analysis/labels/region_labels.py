"""What each region was called, and how sure that is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import fsum

from analysis.labels.records import LabelEntry, LabelGroup, RegionLabel
from analysis.labels.scoring import label_score, mean_level
from analysis.labels.settings import LabelSettings


def region_labels(
    entries: Iterable[LabelEntry], groups: Sequence[LabelGroup], settings: LabelSettings
) -> dict[int, tuple[RegionLabel, ...]]:
    """Score the labels of every region, by descending score, then name.

    A player who gave several labels of one group to a region counts once: with the lowest level of them, as
    right if any of those rounds was, and with the least trust that any entry gives them. Where `settings` do
    not say `trusted`, every player counts for one; `RegionLabel.trust` is kept all the same.
    """
    group_of = {text: index for index, group in enumerate(groups) for text, _ in group.members}
    shared: defaultdict[tuple[int, int], list[LabelEntry]] = defaultdict(list)
    for entry in entries:
        shared[entry.region, group_of[entry.text]].append(entry)
    by_region: defaultdict[int, list[RegionLabel]] = defaultdict(list)
    for (region, index), given in sorted(shared.items(), key=lambda item: item[0]):
        by_region[region].append(_region_label(region, groups[index], given, settings))
    return {
        region: tuple(sorted(labels, key=lambda label: (-label.score, label.name)))
        for region, labels in by_region.items()
    }


def _region_label(
    region: int, group: LabelGroup, given: Sequence[LabelEntry], settings: LabelSettings
) -> RegionLabel:
    by_player: defaultdict[int, list[LabelEntry]] = defaultdict(list)
    for entry in given:
        by_player[entry.player].append(entry)
    levels = [min(entry.level for entry in own) for own in by_player.values()]
    correct = [any(entry.correct for entry in own) for own in by_player.values()]
    trusts = [min(entry.trust for entry in own) for own in by_player.values()]
    weights = trusts if settings.trusted else [1.0] * len(trusts)
    score = label_score(
        levels,
        correct,
        weights,
        level_discount=settings.level_discount,
        wrong_guess_divisor=settings.wrong_guess_divisor,
    )
    return RegionLabel(
        region=region,
        group=group.number,
        name=group.name,
        score=score,
        player_ids=frozenset(by_player),
        examples=_most_typed(by_player, settings.examples),
        mean_level=mean_level(levels, weights),
        correct=sum(correct),
        trust=fsum(trusts),
    )


def _most_typed(by_player: Mapping[int, Sequence[LabelEntry]], limit: int) -> tuple[str, ...]:
    """Raw texts by the number of players who typed them, then by text."""
    players: defaultdict[str, set[int]] = defaultdict(set)
    for player, own in by_player.items():
        for entry in own:
            players[entry.raw].add(player)
    return tuple(sorted(players, key=lambda raw: (-len(players[raw]), raw))[:limit])
