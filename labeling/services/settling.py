"""What a region's players agree on, by what their labels mean: who is paid for it, what is settled, and when
it needs no more players. Every function expects the caller's transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from django.utils import timezone

from analysis.labels.records import LabelEntry, LabelGroup
from labeling.models import Region, Study
from labeling.services.agreements import Said, agreements_pay

FEWEST_SETTLED = 2  # players who mean the same


@dataclass(frozen=True, slots=True)
class Spoken:
    """One label of a region, and the group that it means."""

    said: Said
    text: str
    group: int


def regions_settle(
    *, study: Study, class_index: int, said: Mapping[LabelEntry, Said], groups: Collection[LabelGroup]
) -> None:
    """Bring the regions of a regrouped class up to date, and pay agreements that only meaning shows."""
    group_of = {text: index for index, group in enumerate(groups) for text, _ in group.members}
    spoken: dict[int, list[Spoken]] = defaultdict(list)
    for entry, one in said.items():
        spoken[entry.region].append(Spoken(one, entry.text, group_of[entry.text]))
    agreements_pay(study=study, pairs=[pair for own in spoken.values() for pair in _same_meaning(own)])
    regions = Region.objects.filter(
        study=study, revision=study.revision, image__explained_class=class_index, labellings__gt=0
    ).defer("map_indices")
    changed = [region for region in regions if _settle(study, region, spoken[region.pk])]
    Region.objects.bulk_update(changed, ["agreement", "settled", "gold", "retired_at"], 500)


def _same_meaning(spoken: Collection[Spoken]) -> Iterator[tuple[Said, Said]]:
    """Pairs of labels of one region, by two players, in the order in which they were said."""
    in_order = sorted(spoken, key=lambda one: one.said.label_id)
    for one, other in combinations(in_order, 2):
        if one.group == other.group and one.said.player_id != other.said.player_id:
            yield one.said, other.said


def _settle(study: Study, region: Region, spoken: Collection[Spoken]) -> bool:
    """Set what follows from a region's labels. True where that changes anything."""
    before = (region.agreement, region.settled, region.gold, region.retired_at)
    players_of: dict[int, set[int]] = defaultdict(set)
    for one in spoken:
        players_of[one.group].add(one.said.player_id)
    players = {one.said.player_id for one in spoken}
    region.agreement = agreement(players, players_of.values())
    enough = len(players) >= study.min_labellings and (region.agreement or 0) >= study.retire_agreement
    most = max(FEWEST_SETTLED, len(players) / 2)
    region.settled = sorted({one.text for one in spoken if enough and len(players_of[one.group]) >= most})
    region.gold = bool(region.settled)
    region.retired_at = (region.retired_at or timezone.now()) if enough else None
    return before != (region.agreement, region.settled, region.gold, region.retired_at)


def agreement(players: Collection[int], groups: Collection[Collection[int]]) -> float | None:
    """Share of the pairs of players who gave labels of one meaning, 0 to 1; None below two players.

    Args:
        players: everybody who described the region.
        groups: for each meaning, those of them who gave it.
    """
    pairs = len(players) * (len(players) - 1) // 2
    if not pairs:
        return None
    agreeing = {pair for group in groups for pair in combinations(sorted(group), 2)}
    return len(agreeing) / pairs
