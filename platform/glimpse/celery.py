"""The Celery application: `celery --app glimpse worker --queues gpu`."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glimpse.settings")

app = Celery("glimpse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def check_translation(**_: object) -> None:
    """A worker that cannot translate ends with a sentence before it has taken any work."""
    from labeling.services.translation import translation

    translation()
