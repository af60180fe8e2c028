"""The Celery application: `celery --app glimpse worker --queues gpu`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glimpse.settings")

app = Celery("glimpse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
