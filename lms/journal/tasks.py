"""By the clock: seal what was written, make the months to come."""

from celery import shared_task

from lms.common.clock import database_now, local_date
from lms.journal.months import add_months
from lms.journal.sealing import seal_journal


@shared_task
def seal_new_rows() -> int:
    """Returns how many seals were set."""
    return seal_journal(at=database_now())


@shared_task
def add_coming_months() -> int:
    """Returns how many partitions are new."""
    return add_months(since=local_date(database_now()))
