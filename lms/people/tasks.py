"""Queue `default`: what signing in leaves behind."""

from celery import shared_task
from django.core.management import call_command

from lms.common.clock import database_now
from lms.people.housekeeping import drop_old_sign_ins


@shared_task
def sweep_sign_ins() -> int:
    """Drop failures nobody counts any more, sessions that ended, and sign-ins past their keeping."""
    call_command("clearsessions")
    return drop_old_sign_ins(at=database_now())
