"""Sessions of one user, on all devices."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session


def sessions_end(*, user_id: int) -> int:
    """Delete a user's sessions. Only who signs in has one, so that there are few to look through."""
    own = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user_id)
    ]
    return Session.objects.filter(pk__in=own).delete()[0]
