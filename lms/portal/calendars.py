"""The calendar a person subscribes to: its secret address, and what is in it."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction

from courses.classroom.calendar import class_events
from courses.learning.calendar import lecture_events
from lms.common.calendar import Event
from lms.common.clock import local_date
from lms.journal.services import record
from lms.people.models import Person
from lms.people.selectors import posting_on
from lms.portal.models import CalendarFeed

SECRET_BYTES = 24


@transaction.atomic
def open_feed(*, person: Person, at: datetime) -> str:
    """A new secret, told once; the address before it stops working."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    CalendarFeed.objects.update_or_create(
        person=person, defaults={"digest": _digest(secret), "created_at": at}
    )
    record(action="calendar.opened", by=person, at=at, subject=person)
    return secret


@transaction.atomic
def close_feed(*, person: Person, at: datetime) -> None:
    """Nobody reads the calendar any more. Harmless to repeat."""
    gone, _rows = CalendarFeed.objects.filter(person=person).delete()
    if gone:
        record(action="calendar.revoked", by=person, at=at, subject=person)


def person_of_feed(secret: str) -> Person | None:
    """Whose calendar the address opens; suspended and merged accounts have none."""
    found = Person.objects.filter(
        calendar_feed__digest=_digest(secret), is_active=True, merged_into__isnull=True
    )
    return found.first()


def events_of(*, person: Person, at: datetime) -> list[Event]:
    """What the person is asked to, whatever kind of occasion it is."""
    posting = posting_on(person=person, on=local_date(at))
    unit = posting.unit if posting else None
    site = settings.BASE_URL
    lectures = lecture_events(unit=unit, site=site, at=at)
    return [*lectures, *class_events(person=person, site=site, at=at)]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
