"""The clock of record is the database's (security 28)."""

from datetime import date, datetime

from django.db import connection
from django.utils import timezone


def database_now() -> datetime:
    """The database's wall clock, aware. Read once in the view, task or command."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def local_date(at: datetime) -> date:
    """The calendar day of `at` in the site's time zone: the day caps and years count by."""
    return timezone.localdate(at)
