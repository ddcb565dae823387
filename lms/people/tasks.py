"""Queue entry points. Each takes an id or nothing, calls one function, and may run twice (security 25)."""

from celery import shared_task
from django.core.management import call_command

from lms.common.clock import database_now, local_date
from lms.people.groups import sync_all_groups
from lms.people.housekeeping import drop_old_sign_ins
from lms.people.roster import acting, jobs


@shared_task
def sync_groups_by_date() -> int:
    """Grants begin and end by date; Wagtail's groups follow within the hour."""
    return sync_all_groups(on=local_date(database_now()))


@shared_task
def import_queued(roster_id: int) -> None:
    """Check or write one roster. A refusal is kept with the import and shown on its page."""
    jobs.run_import(roster_id=roster_id)


@shared_task
def resume_stale_rosters() -> int:
    """Wake what a lost message or a killed worker left behind. Returns how many."""
    left = jobs.rosters_to_resume(at=database_now())
    for roster_id in left:
        import_queued.delay(roster_id)
    return len(left)


@shared_task
def discard_old_rosters() -> int:
    """Delete files and rejected rows that were kept long enough."""
    return acting.discard_old_files(at=database_now())


@shared_task
def sweep_sign_ins() -> int:
    """Drop failures nobody counts any more, sessions that ended, and sign-ins past their keeping."""
    call_command("clearsessions")
    return drop_old_sign_ins(at=database_now())
