"""What people's rights need done by the clock."""

from celery import shared_task

from lms.common.clock import database_now, local_date
from lms.people.groups import sync_all_groups


@shared_task
def sync_groups_by_date() -> int:
    """Grants begin and end by date; Wagtail's groups follow within the hour."""
    return sync_all_groups(on=local_date(database_now()))
