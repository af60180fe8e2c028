"""Glimpse: what a network sees, in people's words."""

from glimpse.celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.1.0"
