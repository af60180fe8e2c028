"""Concept tests as jobs: whether the network uses what the labels of a class name. Runs on gpu workers."""

import time

from analysis.networks.errors import NetworkError
from labeling.models import Study
from labeling.models.job import JobKind
from labeling.services.claims import ALL, Claim, job_fail, job_finish, jobs_claim, working
from labeling.services.concept_evidence import ConceptsError
from labeling.services.concepts import CHANGED, concepts_test
from labeling.services.due import due
from labeling.services.jobs import jobs_fail_queued, jobs_queue, photographs_wait


def concepts_work(*, study_id: int, seconds: float, at_once: bool = False) -> bool:
    """Test the labels of classes that have been explained anew, for about `seconds`. True while more are due.

    Photographs that wait for their regions come first, those of any study: the sweep has this go on.

    Args:
        at_once: those too that are not due yet.
    """
    study = Study.objects.select_related("network").get(pk=study_id)
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if photographs_wait():
            return False
        which = ALL if at_once else due(JobKind.CONCEPTS)
        claims = jobs_claim(study_id=study_id, kind=JobKind.CONCEPTS, limit=1, due=which)
        if not claims:
            return False
        with working(claims):
            _test(study, claims[0])
    return True


def _test(study: Study, claim: Claim) -> None:
    """The results are there before the job ends: done again after that, it finds the same and writes nothing.

    Where labels changed meanwhile, it is tried again once it is due; a network that does not load fails all.
    """
    try:
        concepts_test(study=study, explained_class=claim.subject)
    except ConceptsError as error:
        if str(error) == CHANGED:
            jobs_queue(study_id=study.pk, kind=JobKind.CONCEPTS, subjects=[claim.subject])
        job_fail(claim, str(error))
    except NetworkError as error:
        job_fail(claim, str(error))
        jobs_fail_queued(study_id=study.pk, kind=JobKind.CONCEPTS, error=str(error))
    else:
        job_finish(claim)
