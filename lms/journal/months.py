"""The table's months: each a partition, made ahead of time."""

from datetime import date

from django.conf import settings
from django.db import connection, transaction

from lms.journal.rules import months_from

AHEAD = 3


def add_months(*, since: date, ahead: int = AHEAD) -> int:
    """Make the partitions from the month of `since` to `ahead` months later. Returns how many are new.

    A month the rest already holds rows of stays there: it is as safe, only larger to search.
    Raises OperationalError where somebody holds the tables for long; the schedule tries again.
    """
    added = 0
    for month in months_from(since, ahead + 1):
        with transaction.atomic(), connection.cursor() as cursor:
            # Waiting for a lock makes everybody behind wait too.
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute("SELECT journal_add_month(%s, %s)", [month, settings.TIME_ZONE])
            added += bool(cursor.fetchone()[0])
    return added
