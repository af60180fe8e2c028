"""Asking for jobs, claiming them, and reading the messages that nudge workers."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from labeling.models import Job, Study
from labeling.models.job import JobKind
from labeling.services.claims import Claim, jobs_claim
from labeling.services.jobs import jobs_request, jobs_sweep


def ask_for(study: Study, *subjects: int) -> None:
    jobs_request(study_id=study.pk, kind=JobKind.REGIONS, subjects=subjects)


def claim(study: Study, limit: int = 1) -> list[Claim]:
    return jobs_claim(study_id=study.pk, kind=JobKind.REGIONS, limit=limit)


def fall_silent() -> None:
    """All heartbeats stopped an hour ago."""
    Job.objects.update(heartbeat=timezone.now() - timedelta(hours=1))


def after_a_long_pause(
    compute: Callable[..., object], study: Study, kind: JobKind, claims: list[Claim]
) -> Callable[..., object]:
    """`compute` itself, but somebody else has taken the job into `claims` by the time it is done."""

    def slowly(*arguments: Any, **named: Any) -> object:
        fall_silent()
        jobs_sweep()
        claims.extend(jobs_claim(study_id=study.pk, kind=kind, limit=1))
        return compute(*arguments, **named)

    return slowly


def forget_messages() -> None:
    for message in settings.BROKER_MESSAGES.iterdir():
        message.unlink()


def messages() -> list[tuple[str, str, str]]:
    """Queue, task and arguments of every message on the embedded broker."""
    found = []
    for path in sorted(settings.BROKER_MESSAGES.iterdir()):
        headers = json.loads(path.read_text())["headers"]
        found.append((path.name.split(".")[-2], headers["task"], headers["argsrepr"]))
    return found
