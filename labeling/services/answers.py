"""How a round ends: with an answer or skipped, exactly once, and what it earns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from analysis.labels.normal_form import normalise
from labeling.models import Image, Label, LedgerEntry, Player, Region, Report, Round
from labeling.models.game import ReportReason, RoundState, SkipReason
from labeling.models.reward import EntryKind
from labeling.points import guess_points, streak_points
from labeling.services.agreements import agreements_at_once, meaning_key
from labeling.services.jobs import explanations_request
from labeling.services.ledger import entries_write, regions_lock
from labeling.services.rounds import LAST_LEVEL, game_finish, place_release, place_take

TRIES = LAST_LEVEL + 2  # all that can change while a round is open: five levels, its place


@dataclass(frozen=True, slots=True)
class Answer:
    """What a player submits: one to three labels as typed, a class or None for "I can't tell", and how many
    seconds passed since the glimpse was first seen, as the browser says."""

    labels: tuple[str, ...]
    guess: int | None
    seconds: float | None = None


def round_answer(*, round_: Round, answer: Answer) -> bool:
    """Store the answer and what it earns. False where the round had already ended: then nothing changes."""
    texts = _normal_forms(answer.labels)
    with transaction.atomic():
        if not _end(round_, answer, list(texts)):
            return False
        labels = Label.objects.bulk_create(
            Label(
                round=round_, region_id=round_.region_id, raw=raw, text=text, language=round_.player.language
            )
            for text, raw in texts.items()
        )
        _count(round_)
        agreed = agreements_at_once(study=round_.game.study, round_=round_, labels=labels)
        entries_write([*_earned(round_), *agreed])
        _finish_last(round_)
        if round_.image.explained_class is not None:
            explanations_request(study_id=round_.game.study_id, class_index=round_.image.explained_class)
    return True


def _end(round_: Round, answer: Answer, texts: Sequence[str]) -> bool:
    """Mark the round answered, by one compare-and-swap on what it is known to be."""
    for _ in range(TRIES):  # a tab may climb, a sweep take the place, an account take the guest over
        known = {
            "state": RoundState.OPEN,
            "level": round_.level,
            "holds_place": round_.holds_place,
            "player_id": round_.player_id,
        }
        guess = None if round_.familiar else answer.guess
        now = timezone.now()
        outcome = {
            "state": RoundState.ANSWERED,
            "guess": guess,
            "correct": guess is not None and guess == round_.image.answer_class,
            "gold_hit": _hits(round_, texts),
            "seconds": _seconds(round_, now - round_.created_at, answer.seconds),
            "ended_at": now,
        }
        if Round.objects.filter(pk=round_.pk, **known).update(**outcome):
            for name, value in outcome.items():
                setattr(round_, name, value)
            return True
        round_.refresh_from_db(fields=list(known))
        if round_.state != RoundState.OPEN:
            return False
    return False


def _hits(round_: Round, texts: Sequence[str]) -> bool | None:
    """Whether the player of a gold round saw what is settled; None too where nothing is any more."""
    if not (round_.gold and round_.region.settled):
        return None
    return not {meaning_key(text) for text in texts}.isdisjoint(map(meaning_key, round_.region.settled))


def _seconds(round_: Round, since_leased: timedelta, as_told: float | None) -> float:
    """The browser knows when a prefetched round was seen, but is not believed beyond what is possible."""
    longest = since_leased.total_seconds()
    return longest if as_told is None else min(max(as_told, 0.0), longest)


def _earned(round_: Round) -> list[LedgerEntry]:
    """Entries for a right guess, and for the first answer of a further day in a row."""
    entries = []
    if round_.correct:
        entries.append(_entry(round_, EntryKind.GUESS, guess_points(round_.level), f"guess/{round_.pk}"))
    today = timezone.now().date()
    if days := _streak_go_on(round_.player, today):
        entries.append(
            _entry(round_, EntryKind.STREAK, streak_points(days), f"streak/{round_.player_id}/{today}")
        )
    return entries


def _entry(round_: Round, kind: EntryKind, points: int, key: str) -> LedgerEntry:
    return LedgerEntry(
        player_id=round_.player_id,
        study_id=round_.game.study_id,
        round=round_,
        kind=kind,
        points=points,
        key=key,
    )


def _streak_go_on(player: Player, today: date) -> int:
    """Count today once. Returns the days in a row where that makes at least two, else 0."""
    before = player.streak_on
    if before is not None and before >= today:  # later: by another machine's clock it is past midnight
        return 0
    days = player.streak_days + 1 if before == today - timedelta(days=1) else 1
    if not Player.objects.filter(pk=player.pk, streak_on=before).update(streak_days=days, streak_on=today):
        return 0
    player.streak_days, player.streak_on = days, today
    return days if days > 1 else 0


def _count(round_: Round) -> None:
    """Count the labelling at its region. After its lease it takes a place again if one is free, else it is
    kept as surplus; a gold round never takes one. The region is locked from here on in any case."""
    region = Region.objects.filter(pk=round_.region_id)
    if round_.gold or not (round_.holds_place or _take_again(round_)):
        regions_lock(regions=region)
    else:
        region.update(labellings=F("labellings") + 1)


def _take_again(round_: Round) -> bool:
    taken = place_take(round_.region_id)
    if taken:
        Round.objects.filter(pk=round_.pk).update(holds_place=True)
    return taken


def round_skip(*, round_: Round, reason: SkipReason) -> bool:
    """End the round without an answer and give its place back."""
    with transaction.atomic():
        ended = Round.objects.filter(pk=round_.pk, state=RoundState.OPEN).update(
            state=RoundState.SKIPPED, skip_reason=reason, ended_at=timezone.now()
        )
        if not ended:
            return False
        if Round.objects.filter(pk=round_.pk, holds_place=True).update(holds_place=False):
            place_release(round_.region_id)
        _finish_last(round_)
    return True


@transaction.atomic
def image_report(*, image: Image, player: Player, reason: ReportReason) -> bool:
    """Tell the researchers that a picture should not be here. A second report of the player adds nothing."""
    return Report.objects.get_or_create(image=image, player=player, defaults={"reason": reason})[1]


def _normal_forms(labels: Sequence[str]) -> dict[str, str]:
    """Normal form -> text as typed, each normal form once."""
    forms: dict[str, str] = {}
    for raw in labels:
        forms.setdefault(normalise(raw) or raw.casefold(), raw)
    return forms


def _finish_last(round_: Round) -> None:
    """A game is over when its last round is."""
    if round_.number >= round_.game.study.rounds_per_game:
        game_finish(game=round_.game)
