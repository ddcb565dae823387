"""The sweep that settles what players did not."""

from datetime import datetime, timedelta

from celery import shared_task
from django.db.models import QuerySet

from courses.learning.services import NoPolicy, settle_viewing, unassessed_viewings
from lms.common.clock import database_now
from lms.people.models import PersonMerge
from lms.people.uniting import catch_up
from media.models import ViewingSession

QUIET = timedelta(seconds=20)
BATCH = 500


@shared_task(soft_time_limit=300, time_limit=330)
def settle_due_viewings() -> int:
    """Settle viewings that went quiet since they were last assessed. Returns how many were read."""
    at = database_now()
    quiet = unassessed_viewings().filter(last_beat_at__lt=at - QUIET)
    _join_late_beats(quiet.filter(person__merged_into__isnull=False), at)
    due = (
        quiet.filter(person__merged_into__isnull=True)
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


def _join_late_beats(viewings: QuerySet[ViewingSession], at: datetime) -> None:
    """What a merged account's open player still sent is the kept person's, and settled there."""
    late = list(viewings.values_list("pk", "person")[:BATCH])
    persons = {person for _pk, person in late}
    for merge in PersonMerge.objects.filter(merged__in=persons, undone_at__isnull=True):
        catch_up(merge=merge, at=at)
    ViewingSession.objects.filter(pk__in=[pk for pk, _person in late]).update(assessed_at=at)
