"""Ending what somebody is signed in with."""

from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from lms.common.acts import note
from lms.people.models import Person


def end_sessions(*, person: Person, why: str, by: Person | None, at: datetime) -> int:
    """Every session of the person ends, wherever it is kept. Returns how many there were.

    `why`: "role_changed" or "suspended".
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ended = 0
    for session in Session.objects.filter(expire_date__gt=at).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(person.pk):
            store(session.session_key).delete()
            ended += 1
    detail = {"why": why, "sessions": ended}
    note(action="people.sessions_ended", by=by, at=at, obj=person, detail=detail)
    return ended
