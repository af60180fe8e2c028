"""The Celery application: `celery --app glimpse worker --queues gpu`."""

import os

from celery import Celery
from celery.signals import worker_init, worker_process_init
from celery.utils.log import get_task_logger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glimpse.settings")

app = Celery("glimpse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def check_translation(**_: object) -> None:
    """A worker that cannot translate ends with a sentence before it has taken any work."""
    from labeling.services.translation import translation

    translation()


@worker_process_init.connect
def load_words(**_: object) -> None:
    """A process that reads labels is ready for the first. The job that needs what is missing says so."""
    if "text" not in app.amqp.queues.consume_from:
        return
    from labeling.services.explanations import words_load

    try:
        words_load()
    except (OSError, ValueError, RuntimeError) as error:
        get_task_logger(__name__).error("The sentence model cannot be loaded: %s", error)
