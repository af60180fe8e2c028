"""That points are what they should be, whatever a test has done."""

from collections import Counter, defaultdict
from datetime import date

from django.db.models import Sum

from labeling.models import Label, LedgerEntry, Player, Round, Standing
from labeling.models.game import RoundState
from labeling.models.reward import EntryKind, week_of
from labeling.points import AGREEMENTS_OF_A_PAIR, CONFIRMERS_PAID, guess_points
from labeling.services.ledger import AGREEMENTS


def points_of(player: Player) -> int:
    total: int = player.ledger.aggregate(sum=Sum("points", default=0))["sum"]
    return total


def earned(round_: Round, *kinds: EntryKind) -> int:
    """What a round has earned, by entries of these kinds or of all."""
    entries = LedgerEntry.objects.filter(round=round_)
    entries = entries.filter(kind__in=kinds) if kinds else entries
    total: int = entries.aggregate(sum=Sum("points", default=0))["sum"]
    return total


def ledger_adds_up() -> None:
    """Standings are sums of entries; every right guess is paid once, at its level; an agreement pays all or
    nothing, nothing while one of its labels is held, three of a label and twenty of a pair at most."""
    _standings_are_sums()
    _guesses_are_paid()
    _agreements_are_paid()


def _standings_are_sums() -> None:
    sums: dict[tuple[int, int, date], int] = defaultdict(int)
    for entry in LedgerEntry.objects.all():
        sums[entry.player_id, entry.study_id, week_of(entry.created_at.date())] += entry.points
    standings = {(row.player_id, row.study_id, row.week): row.points for row in Standing.objects.all()}
    assert standings == sums


def _guesses_are_paid() -> None:
    guesses = LedgerEntry.objects.filter(kind=EntryKind.GUESS, round__isnull=False)
    right = Round.objects.filter(correct=True, state=RoundState.ANSWERED)
    paid = Counter(guesses.values_list("round", "points"))
    assert paid == Counter((round_.pk, guess_points(round_.level)) for round_ in right)


def _agreements_are_paid() -> None:
    confirmed: Counter[int] = Counter()
    of_pairs: Counter[tuple[int, int, int]] = Counter()
    seen = set()
    for entry in LedgerEntry.objects.filter(kind__in=AGREEMENTS, label__isnull=False):
        assert entry.label is not None
        assert entry.label.round.player_id == entry.player_id != entry.other_id
        if entry.other_id:  # nobody any more where they have withdrawn
            assert (entry.label_id, entry.other_id) not in seen, "paid twice"
            seen.add((entry.label_id, entry.other_id))
        pays = entry.points + sum(entry.corrections.values_list("points", flat=True))
        assert pays in {0, entry.points}
        is_held = entry.label.quarantined or bool(entry.by and entry.by.quarantined)
        assert not (is_held and pays)
        confirmed[entry.label.pk] += bool(pays)
        if entry.other_id:
            of_pairs[entry.study_id, entry.player_id, entry.other_id] += 1
    assert dict(Label.objects.filter(confirmed__gt=0).values_list("pk", "confirmed")) == dict(+confirmed)
    assert max(confirmed.values(), default=0) <= CONFIRMERS_PAID
    assert max(of_pairs.values(), default=0) <= AGREEMENTS_OF_A_PAIR
