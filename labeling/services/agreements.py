"""Who meant the same, and what that pays. Every function expects the caller's transaction, and that it has
the labels' regions locked: players agree within one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, F

from analysis.labels.inflection import lemma
from labeling.models import Label, LedgerEntry, Round, Study, Word
from labeling.models.reward import EntryKind
from labeling.points import AGREEMENTS_OF_A_PAIR, CONFIRMERS_PAID, label_points
from labeling.services.ledger import AGREEMENTS, entries_write

CHUNK = 2000  # ids in one statement


@dataclass(frozen=True, slots=True)
class Said:
    """One label that counts: what, by whom, how many have confirmed it, and whether in a gold round."""

    label_id: int
    round_id: int
    player_id: int
    text: str
    confirmed: int
    gold: bool = False


Pair = tuple[Said, Said]


def meaning_key(text: str) -> tuple[str, ...]:
    """Two normal forms of one key say the same in other inflections: "striped tails" and "stripe tail"."""
    return tuple(lemma(word) for word in text.split())


def agreements_at_once(*, study: Study, round_: Round, labels: Sequence[Label]) -> list[LedgerEntry]:
    """Entries, not yet written, for a new answer's labels and for what others had said in the same words."""
    earlier: dict[tuple[str, ...], list[Said]] = defaultdict(list)
    for other in _said_by_others(round_):
        earlier[meaning_key(other.text)].append(other)
    if not earlier:
        return []
    new: dict[tuple[str, ...], Said] = {}
    for label in labels:
        one = Said(label.pk, round_.pk, round_.player_id, label.text, 0)
        new.setdefault(meaning_key(label.text), one)
    pairs = [(one, other) for key, one in new.items() for other in one_a_player(earlier[key])]
    return _agreements(study, pairs, already=set())  # for a label that nobody has seen nobody has been paid


def one_a_player(said: Iterable[Said]) -> list[Said]:
    """Of labels that mean the same one for each player, that "stripe", "stripes" and "striped" pay once: the
    one that most have confirmed, else the first. In the order in which they were said."""
    best: dict[int, Said] = {}
    for one in sorted(said, key=lambda one: (-one.confirmed, one.label_id)):
        best.setdefault(one.player_id, one)
    return sorted(best.values(), key=lambda one: one.label_id)


def _said_by_others(round_: Round) -> list[Said]:
    """What counts of the region's labels but the player's own, in the order in which it was said.

    Without gold rounds: they show how well a player sees what others had said, and there may be many.
    """
    labels = Label.objects.filter(region_id=round_.region_id, quarantined=False, round__gold=False)
    others = labels.exclude(round__player_id=round_.player_id).order_by("pk")
    values = others.values_list("pk", "round_id", "round__player_id", "text", "confirmed")
    return [Said(*row) for row in values]


def agreements_pay(*, study: Study, pairs: Iterable[Pair]) -> list[LedgerEntry]:
    """Pay both labels of each pair for the other, as far as they have not been paid. Labels that are held or
    gone since the pairs were read are left out."""
    asked = list(pairs)
    confirmed = _confirmed({one.label_id for pair in asked for one in pair})
    there = [
        (replace(one, confirmed=confirmed[one.label_id]), replace(other, confirmed=confirmed[other.label_id]))
        for one, other in asked
        if {one.label_id, other.label_id} <= confirmed.keys()
    ]
    entries = _agreements(study, there, _already_paid(there))
    entries_write(entries)
    return entries


def _agreements(study: Study, pairs: Sequence[Pair], already: set[tuple[int, int]]) -> list[LedgerEntry]:
    """A label pays once for each player who meant the same, for three at most, and two players pay each other
    for twenty labels in a study: who shares more than that is not independent."""
    if not pairs:
        return []
    directed = [pair for one, other in pairs for pair in ((one, other), (other, one))]
    paid_in_pair = _paid_in_pairs(study, directed)
    worth = words_worth(study, {mine.text for mine, _ in directed})
    confirmed: Counter[int] = Counter()
    entries = []
    for mine, other in directed:
        once, pair = (mine.label_id, other.player_id), (mine.player_id, other.player_id)
        room = mine.confirmed + confirmed[mine.label_id] < CONFIRMERS_PAID
        if mine.player_id == other.player_id or once in already or not room:
            continue
        if paid_in_pair[pair] >= AGREEMENTS_OF_A_PAIR:
            continue
        already.add(once)
        paid_in_pair[pair] += 1
        confirmed[mine.label_id] += 1
        entries.append(_entry(study, mine, other, worth[mine.text]))
    _confirm(confirmed)
    return entries


def _entry(study: Study, mine: Said, other: Said, points: int) -> LedgerEntry:
    was_first = mine.label_id < other.label_id
    return LedgerEntry(
        player_id=mine.player_id,
        study=study,
        round_id=mine.round_id,
        label_id=mine.label_id,
        by_id=other.label_id,
        other_id=other.player_id,
        kind=EntryKind.CONFIRMATION if was_first else EntryKind.AGREEMENT,
        points=points,
        key=f"agree/{mine.label_id}/{other.player_id}",
    )


def _confirmed(label_ids: Iterable[int]) -> dict[int, int]:
    """How many have confirmed each label; without those that are held or gone."""
    confirmed: dict[int, int] = {}
    for ids in _chunks(label_ids):
        labels = Label.objects.filter(pk__in=ids, quarantined=False)
        confirmed.update(labels.values_list("pk", "confirmed"))
    return confirmed


def _already_paid(pairs: Iterable[Pair]) -> set[tuple[int, int]]:
    """Of the pairs' labels, which have been paid for which players."""
    paid: set[tuple[int, int]] = set()
    for ids in _chunks({one.label_id for pair in pairs for one in pair}):
        entries = LedgerEntry.objects.filter(label__in=ids, other__isnull=False, kind__in=AGREEMENTS)
        paid.update(entries.order_by().values_list("label_id", "other_id"))
    return paid


def agreements_unpaid(pairs: Iterable[Pair]) -> list[Pair]:
    """Pairs that may still have to be paid, found without a lock."""
    asked = list(pairs)
    already = _already_paid(asked)

    def is_due(mine: Said, other: Said) -> bool:
        return mine.confirmed < CONFIRMERS_PAID and (mine.label_id, other.player_id) not in already

    return [(one, other) for one, other in asked if is_due(one, other) or is_due(other, one)]


def _chunks(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    in_order = sorted(ids)
    return (in_order[start : start + CHUNK] for start in range(0, len(in_order), CHUNK))


def _paid_in_pairs(study: Study, directed: Iterable[Pair]) -> Counter[tuple[int, int]]:
    players = {said.player_id for pair in directed for said in pair}
    paid = LedgerEntry.objects.filter(
        study=study, player__in=players, other__in=players, kind__in=AGREEMENTS
    ).order_by()
    counts = paid.values_list("player_id", "other_id").annotate(times=Count("pk"))
    return Counter({(player, other): times for player, other, times in counts if other})


def words_worth(study: Study, texts: Iterable[str]) -> dict[str, int]:
    """What each normal form pays, by how rare the study's last count found it."""
    wanted = set(texts)
    counts = dict(Word.objects.filter(study=study, text__in=wanted).values_list("text", "labels"))
    return {text: label_points(counts.get(text, 0), study.words_total) for text in wanted}


def _confirm(times: Counter[int]) -> None:
    for count in set(times.values()):
        for ids in _chunks(pk for pk, more in times.items() if more == count):
            Label.objects.filter(pk__in=ids).update(confirmed=F("confirmed") + count)
