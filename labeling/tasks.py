"""What workers do. A task only knocks: the work and its state are in the Job rows.

Services are imported inside the tasks, so that the site never loads torch.
"""

from celery import shared_task
from celery.utils.log import get_task_logger

# A task goes on with one study for about this long, then lines up behind the others again.
TURN_SECONDS = 20.0

logger = get_task_logger(__name__)


@shared_task
def regions_prepare(study_id: int) -> None:
    from labeling.services.preparation import regions_work

    if regions_work(study_id=study_id, seconds=TURN_SECONDS):
        regions_prepare.delay(study_id)


@shared_task
def regions_measure(study_id: int) -> None:
    from labeling.services.measures import measures_work

    if measures_work(study_id=study_id, seconds=TURN_SECONDS):
        regions_measure.delay(study_id)


@shared_task
def explanations_refresh(study_id: int) -> None:
    from labeling.services.explanations import explanations_work

    if explanations_work(study_id=study_id, seconds=TURN_SECONDS):
        explanations_refresh.delay(study_id)


@shared_task
def classes_explain(study_id: int) -> None:
    from labeling.services.classes import classes_work

    if classes_work(study_id=study_id, seconds=TURN_SECONDS):
        classes_explain.delay(study_id)


@shared_task
def concepts_test(study_id: int) -> None:
    from labeling.services.concept_jobs import concepts_work

    if concepts_work(study_id=study_id, seconds=TURN_SECONDS):
        concepts_test.delay(study_id)


@shared_task
def reliability_measure(study_id: int) -> None:
    from labeling.services.reliability import reliability_work

    if reliability_work(study_id=study_id, seconds=TURN_SECONDS):
        reliability_measure.delay(study_id)


@shared_task
def quality_judge(study_id: int) -> None:
    from labeling.services.quality import quality_work

    if quality_work(study_id=study_id, seconds=TURN_SECONDS):
        quality_judge.delay(study_id)


@shared_task
def sweep() -> None:
    from labeling.services.jobs import jobs_sweep
    from labeling.services.quality import quality_request_due
    from labeling.services.rounds import leases_expire
    from labeling.services.studies import uploads_forget
    from labeling.services.words import words_count_due

    expired, requeued = leases_expire(), jobs_sweep()
    if expired or requeued:
        logger.info("sweep: %d leases expired, %d jobs taken from dead workers", expired, requeued)
    uploads_forget()
    words_count_due()
    quality_request_due()
