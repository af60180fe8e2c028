"""How a round ends: with an answer or skipped, exactly once, and what it earns."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from analysis.labels.normal_form import normalise
from labeling.models import Game, Label, Round
from labeling.models.game import RoundState, SkipReason
from labeling.models.job import JobKind
from labeling.points import AGREED_LABEL_POINTS, guess_points
from labeling.services.jobs import jobs_request
from labeling.services.rounds import place_release, place_take


@dataclass(frozen=True, slots=True)
class Answer:
    """What a player submits: one to three labels as typed, and a class or None for "I can't tell"."""

    labels: tuple[str, ...]
    guess: int | None


def round_answer(*, round_: Round, answer: Answer) -> bool:
    """Store the answer and what it earns. False where the round had already ended: then nothing changes."""
    image = round_.image
    texts = _normal_forms(answer.labels)
    guess = None if round_.familiar else answer.guess
    correct = guess is not None and guess == image.answer_class
    with transaction.atomic():
        is_open = Round.objects.select_for_update().filter(pk=round_.pk, state=RoundState.OPEN)
        level = is_open.values_list("level", flat=True).first()  # a second tab may have climbed
        if level is None:
            return False
        Round.objects.filter(pk=round_.pk).update(
            state=RoundState.ANSWERED,
            guess=guess,
            correct=correct,
            guess_points=guess_points(level) if correct else 0,
            label_points=AGREED_LABEL_POINTS * len(_agreed(round_, list(texts))),
            ended_at=timezone.now(),
        )
        _count(round_)
        Label.objects.bulk_create(
            Label(
                round=round_, region_id=round_.region_id, raw=raw, text=text, language=round_.player.language
            )
            for text, raw in texts.items()
        )
        if image.explained_class is not None:
            jobs_request(study_id=image.study_id, kind=JobKind.EXPLANATIONS, subjects=[image.explained_class])
        _finish_last(round_)
    return True


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


def _normal_forms(labels: Sequence[str]) -> dict[str, str]:
    """Normal form -> text as typed, each normal form once."""
    forms: dict[str, str] = {}
    for raw in labels:
        forms.setdefault(normalise(raw) or raw.casefold(), raw)
    return forms


def _agreed(round_: Round, texts: Sequence[str]) -> set[str]:
    """Which of the texts another player had already given for this region."""
    earlier = Label.objects.filter(region_id=round_.region_id, text__in=texts)
    return set(earlier.exclude(round__player_id=round_.player_id).values_list("text", flat=True))


def _count(round_: Round) -> None:
    """An answer after its lease takes a place again if one is free; else it is kept as surplus."""
    late = Round.objects.filter(pk=round_.pk, holds_place=False)
    if late.exists() and place_take(round_.region_id):
        late.update(holds_place=True)


def _finish_last(round_: Round) -> None:
    """A game is over when its last round is."""
    Game.objects.filter(
        pk=round_.game_id, finished_at=None, study__rounds_per_game__lte=round_.number
    ).update(finished_at=timezone.now())
