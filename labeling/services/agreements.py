"""Who meant the same, and what that pays. Every function expects the caller's transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, F, QuerySet, Value, When

from analysis.labels.inflection import lemma
from labeling.models import Label, LedgerEntry, Round, Study, Word
from labeling.models.reward import EntryKind
from labeling.points import AGREEMENTS_OF_A_PAIR, CONFIRMERS_PAID, label_points
from labeling.services.ledger import AGREEMENTS, entries_write


@dataclass(frozen=True, slots=True)
class Said:
    """One label that counts: what, by whom, and for how many it has been paid already."""

    label_id: int
    round_id: int
    player_id: int
    text: str
    confirmed: int


def meaning_key(text: str) -> tuple[str, ...]:
    """Two normal forms of one key say the same in other inflections: "striped tails" and "stripe tail"."""
    return tuple(lemma(word) for word in text.split())


def said_of_region(region_id: int, *, except_player: int) -> list[Said]:
    """What others have said there that is not held in quarantine, in the order in which it was said."""
    labels = Label.objects.filter(region_id=region_id, quarantined=False)
    return said(labels.exclude(round__player_id=except_player))


def said(labels: QuerySet[Label]) -> list[Said]:
    values = labels.order_by("pk").values_list("pk", "round_id", "round__player_id", "text", "confirmed")
    return [Said(*row) for row in values]


def agreements_at_once(*, study: Study, round_: Round, labels: Sequence[Label]) -> int:
    """Pay a new answer's labels for what others had said in the same words, and those others for it.

    Returns what the answer's own labels have earned.
    """
    earlier: dict[tuple[str, ...], list[Said]] = defaultdict(list)
    for other in said_of_region(round_.region_id, except_player=round_.player_id):
        earlier[meaning_key(other.text)].append(other)
    if not earlier:
        return 0
    pairs = [
        (Said(label.pk, round_.pk, round_.player_id, label.text, 0), other)
        for label in labels
        for other in earlier[meaning_key(label.text)]
    ]
    paid = agreements_pay(study=study, pairs=pairs)
    return sum(entry.points for entry in paid if entry.player_id == round_.player_id)


def agreements_pay(*, study: Study, pairs: Iterable[tuple[Said, Said]]) -> list[LedgerEntry]:
    """Pay both labels of each pair for the other, as far as they have not been paid.

    A label pays once for each player who meant the same, for three at most, and two players pay each other
    for twenty labels in a study: who shares more than that is not independent.
    """
    directed = [pair for one, other in pairs for pair in ((one, other), (other, one))]
    if not directed:
        return []
    already = _already_paid({mine.label_id for mine, _ in directed})
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
    entries_write(entries)
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


def _already_paid(label_ids: Iterable[int]) -> set[tuple[int, int]]:
    paid = LedgerEntry.objects.filter(label__in=list(label_ids), kind__in=AGREEMENTS)
    return {(label, other) for label, other in paid.values_list("label_id", "other_id") if label and other}


def _paid_in_pairs(study: Study, directed: Iterable[tuple[Said, Said]]) -> Counter[tuple[int, int]]:
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
    if not times:
        return
    more = Case(*(When(pk=pk, then=Value(count)) for pk, count in times.items()))
    Label.objects.filter(pk__in=list(times)).update(confirmed=F("confirmed") + more)
