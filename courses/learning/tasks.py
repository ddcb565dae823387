"""The sweep that settles what players did not."""

from datetime import timedelta

from celery import shared_task
from django.db.models import F, Q

from courses.learning.services import NoPolicy, settle_viewing
from lms.common.clock import database_now
from media.models import ViewingSession

QUIET = timedelta(seconds=20)
BATCH = 500


@shared_task(soft_time_limit=300, time_limit=330)
def settle_due_viewings() -> int:
    """Settle viewings that went quiet since they were last assessed. Returns how many were read."""
    at = database_now()
    due = (
        ViewingSession.objects.filter(
            Q(assessed_at__isnull=True) | Q(assessed_at__lt=F("last_beat_at")),
            settled_at__isnull=True,
            last_beat_at__lt=at - QUIET,
            # Of a merged account: what it watched is the kept person's too, and settled there.
            person__merged_into__isnull=True,
        )
        .select_related("person", "posting__unit", "video")
        .order_by("last_beat_at")[:BATCH]
    )
    count = 0
    for viewing in due:
        try:
            settle_viewing(viewing=viewing, at=at)
        except NoPolicy:
            ViewingSession.objects.filter(pk=viewing.pk).update(assessed_at=at)
        count += 1
    return count
