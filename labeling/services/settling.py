"""What a region's players agree on, by what their labels mean: who is paid for it, what is settled, and when
it needs no more players. Every function expects the caller's transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from django.db.models import QuerySet
from django.utils import timezone

from analysis.labels.records import LabelEntry, LabelGroup
from labeling.models import Region, Round, Study
from labeling.services.agreements import Said, agreements_pay, agreements_unpaid, one_a_player
from labeling.services.ledger import regions_lock

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
    """Bring the regions of a regrouped class up to date, and pay agreements that only meaning shows.

    What gold rounds said settles nothing: it is measured by what is settled.
    """
    group_of = {text: index for index, group in enumerate(groups) for text, _ in group.members}
    spoken: dict[int, list[Spoken]] = defaultdict(list)
    for entry, one in said.items():
        spoken[entry.region].append(Spoken(one, entry.text, group_of[entry.text]))
    region_of = {one.label_id: entry.region for entry, one in said.items()}
    unpaid = agreements_unpaid(pair for own in spoken.values() for pair in _same_meaning(own))
    regions = Region.objects.filter(
        study=study, revision=study.revision, image__explained_class=class_index, labellings__gt=0
    )
    changed = [region for region in regions.defer("map_indices") if _settle(study, region, spoken[region.pk])]
    concerned = {*(region.pk for region in changed), *(region_of[one.label_id] for one, _ in unpaid)}
    regions_lock(regions=Region.objects.filter(pk__in=concerned))
    agreements_pay(study=study, pairs=unpaid)
    Region.objects.bulk_update(changed, ["agreement", "settled", "gold", "retired_at"], 500)
    _calibrate(regions.filter(gold=True), spoken)


def _same_meaning(spoken: Iterable[Spoken]) -> Iterator[tuple[Said, Said]]:
    """Pairs of labels of one region, by two players, in the order in which they were said. Gold rounds, of
    which there may be many, confirm nothing for each other."""
    said_of: dict[int, list[Said]] = defaultdict(list)
    for one in spoken:
        said_of[one.group].append(one.said)
    for said in map(one_a_player, said_of.values()):
        regular = [one for one in said if not one.gold]
        golds = [one for one in said if one.gold]
        yield from combinations(regular, 2)
        yield from product(regular, golds)


def _settle(study: Study, region: Region, spoken: Iterable[Spoken]) -> bool:
    """Set what follows from a region's labels. True where that changes anything.

    Where the study asks for fresh labels, what enough players mean is settled and the others go on.
    """
    before = (region.agreement, region.settled, region.gold, region.retired_at)
    regular = [one for one in spoken if not one.said.gold]
    players_of: dict[int, set[int]] = defaultdict(set)
    for one in regular:
        players_of[one.group].add(one.said.player_id)
    players = {one.said.player_id for one in regular}
    region.agreement = agreement(players, players_of.values())
    enough = len(players) >= study.min_labellings and (region.agreement or 0) >= study.retire_agreement
    most = study.min_labellings if study.settled_taboo else len(players) / 2
    is_settled = {group: len(own) >= max(FEWEST_SETTLED, most) for group, own in players_of.items()}
    settles = enough or study.settled_taboo
    region.settled = sorted({one.text for one in regular if settles and is_settled[one.group]})
    region.gold = bool(region.settled)
    is_retired = enough and not study.settled_taboo
    region.retired_at = (region.retired_at or timezone.now()) if is_retired else None
    return before != (region.agreement, region.settled, region.gold, region.retired_at)


def _calibrate(gold_regions: QuerySet[Region], spoken: Mapping[int, Iterable[Spoken]]) -> None:
    """A gold round that missed the words of what is settled may have met its meaning."""
    missed = Round.objects.filter(region__in=gold_regions, gold=True, gold_hit=False)
    rounds = set(missed.values_list("pk", flat=True))
    if not rounds:
        return
    settled = dict(gold_regions.values_list("pk", "settled"))
    hits = []
    for region_id, texts in settled.items():
        own = spoken.get(region_id, ())
        groups = {one.group for one in own if one.text in texts and not one.said.gold}
        hits += [one.said.round_id for one in own if one.said.round_id in rounds and one.group in groups]
    Round.objects.filter(pk__in=hits, gold_hit=False).update(gold_hit=True)


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
