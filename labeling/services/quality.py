"""The quality of a study's labels, judged as a whole. Runs on text workers."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from analysis.crowd.dictionary import words_of
from analysis.crowd.judging import judge
from analysis.crowd.records import Codes, Flags, Judgement, PlayerConduct
from labeling.models import Conduct, Job, Label, Study
from labeling.models.conduct import Verdict
from labeling.models.job import JobKind, JobState
from labeling.reasons import BY_VERDICT, is_decided, player_reasons
from labeling.selectors.class_names import display_names
from labeling.selectors.quality import Found, work_of_study
from labeling.services.claims import Claim, job_finish, job_progress, jobs_claim, working
from labeling.services.conducts import conducts_write, is_held
from labeling.services.holding import (
    CHUNK,
    labels_free,
    labels_hold,
    labels_moved,
    players_believed,
    quarantine_lock,
)
from labeling.services.jobs import jobs_request
from labeling.services.ledger import labels_lock

READ, JUDGED = 0.4, 0.8  # of a job's progress
LABELS_A_SECOND = 5000
LONGEST_PAUSE = timedelta(minutes=10)
SETTLED_AFTER = timedelta(minutes=1)  # no transaction that began before is still open then
WHOLE_STUDY = 0  # the subject of its job


def quality_work(*, study_id: int, seconds: float) -> bool:
    """Judge the study's labels where that is asked for, for about `seconds`. True while more is waiting."""
    study = Study.objects.select_related("network").get(pk=study_id)
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        claims = jobs_claim(study_id=study_id, kind=JobKind.QUALITY, limit=1)
        if not claims:
            return False
        with working(claims):
            _judge(study, claims[0])
    return True


def quality_request_due() -> int:
    """Have every study judged that has labels newer than its last judgement and does not wait for that
    already. Returns how many.

    A study whose labels take long to judge rests between two judgements: a second for every 5,000 labels, ten
    minutes at most. A study without new labels is marked as judged, so that it is not searched again.
    """
    newest = Label.objects.aggregate(newest=Max("pk"))["newest"] or 0
    requested = 0
    for study in Study.objects.filter(labels_judged__lt=newest).only("pk", "labels_judged", "words_total"):
        new = Label.objects.filter(region__study=study, pk__gt=study.labels_judged)
        if not new.exists():
            _mark_searched(study)
        elif not _rests(study):
            jobs_request(study_id=study.pk, kind=JobKind.QUALITY, subjects=[WHOLE_STUDY])
            requested += 1
    return requested


def _rests(study: Study) -> bool:
    """Also while it is being judged, and for long after that failed."""
    pause = min(LONGEST_PAUSE, timedelta(seconds=study.words_total / LABELS_A_SECOND))
    rests = (
        Q(state__in=[JobState.QUEUED, JobState.RUNNING])
        | Q(finished_at__gt=timezone.now() - pause)
        | Q(state=JobState.FAILED, finished_at__gt=timezone.now() - LONGEST_PAUSE)
    )
    return Job.objects.filter(rests, study=study, kind=JobKind.QUALITY).exists()


def _mark_searched(study: Study) -> None:
    old = Label.objects.filter(created_at__lt=timezone.now() - SETTLED_AFTER, pk__gt=study.labels_judged)
    if settled := old.order_by("-pk").values_list("pk", flat=True).first():
        Study.objects.filter(pk=study.pk, labels_judged__lt=settled).update(labels_judged=settled)


def _judge(study: Study, claim: Claim) -> None:
    found = work_of_study(study.pk)
    job_progress(claim, READ)
    verdicts = _verdicts(study)
    judgement = judge(
        found.work,
        known=words_of(_names(study)),
        trusted=[player for player, verdict in verdicts.items() if verdict == Verdict.TRUSTED],
        held=[player for player, verdict in verdicts.items() if verdict == Verdict.QUARANTINED],
    )
    job_progress(claim, JUDGED)
    with transaction.atomic():
        quarantine_lock(study_id=study.pk)
        if job_finish(claim):
            _write(study, found, judgement)


def _write(study: Study, found: Found, judgement: Judgement) -> None:
    """Write what changed, under the verdicts of this moment: for one given meanwhile the study is judged once
    more, as it changes who is believed."""
    verdicts = _verdicts(study)
    otherwise = conducts_write(study=study, known=judgement.conducts, verdicts=verdicts)
    wanted = _wanted(found, judgement, verdicts)
    labels_lock(label_ids=found.ids[sorted(row for rows in wanted.values() for row in rows)].tolist())
    moved: list[int] = []
    for reasons, rows in wanted.items():
        ids = _undecided(found.ids[rows].tolist())
        moved += labels_hold(label_ids=ids, reasons=reasons) if reasons else labels_free(label_ids=ids)
    labels_moved(study_id=study.pk, label_ids=sorted(moved))
    players_believed(study_id=study.pk, players=otherwise)
    Study.objects.filter(pk=study.pk, labels_judged__lt=found.newest).update(labels_judged=found.newest)


def _undecided(label_ids: Sequence[int]) -> list[int]:
    """Without labels about which a researcher has decided, perhaps since they were read."""
    ids: list[int] = []
    for start in range(0, len(label_ids), CHUNK):
        labels = Label.objects.filter(pk__in=label_ids[start : start + CHUNK], released=False)
        ids += [pk for pk, reasons in labels.values_list("pk", "reasons") if not is_decided(reasons)]
    return ids


def _wanted(
    found: Found, judgement: Judgement, verdicts: Mapping[int, str]
) -> dict[tuple[str, ...], list[int]]:
    """Rows of labels that are to change: to be held for these reasons, or, without any, to be free."""
    players = found.work.players[found.work.answers]
    of_player = {one.player: _player_reasons(one, verdicts.get(one.player, "")) for one in judgement.conducts}
    trusted = {player for player, verdict in verdicts.items() if verdict == Verdict.TRUSTED}
    wanted: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in np.flatnonzero(_concerned(found, judgement, of_player, players)).tolist():
        before, player = found.reasons.get(row, ()), int(players[row])
        if is_decided(before):
            continue
        own = () if player in trusted else tuple(map(str, judgement.labels.get(row, ())))
        reasons = (*own, *of_player[player])
        if bool(reasons) != found.held[row] or (reasons and reasons != before):
            wanted[reasons].append(row)
    return wanted


def _concerned(
    found: Found, judgement: Judgement, of_player: Mapping[int, tuple[str, ...]], players: Codes
) -> Flags:
    """(L,) labels that are held or may have to be, without those that a researcher released."""
    concerned = found.held | np.isin(players, [player for player, reasons in of_player.items() if reasons])
    concerned[list(judgement.labels)] = True
    return concerned & ~found.released


def _player_reasons(one: PlayerConduct, verdict: str) -> tuple[str, ...]:
    if verdict == Verdict.QUARANTINED:
        return (BY_VERDICT,)
    if not is_held(verdict, one.suspect):
        return ()
    return player_reasons(kind for kind, signal in sorted(one.signals.items()) if signal.found)


def _verdicts(study: Study) -> dict[int, str]:
    """By player, where a researcher has decided."""
    decided = Conduct.objects.filter(study=study).exclude(verdict=Verdict.NONE)
    return dict(decided.values_list("player_id", "verdict"))


def _names(study: Study) -> set[str]:
    """Of all classes, the network's own and those that players know."""
    names: list[str] = study.network.class_names
    return {name for one in names for name in (one, *display_names(study, one))}
