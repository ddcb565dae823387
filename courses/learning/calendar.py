"""What of lectures goes into a calendar."""

from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import PageLogEntry
from wagtail.query import PageQuerySet

from courses.learning.lives import Lecture, lecture_of, pages_asking
from lms.common.calendar import Event
from lms.people.models import Unit

# A calendar shows the past too; older than this it is the record's business.
KEPT_FOR = timedelta(days=90)


# Putting up and taking down are told to calendars by a number that only rises.
CHANGES = (
    "wagtail.publish",
    "wagtail.unpublish",
    "wagtail.publish.scheduled",
    "wagtail.unpublish.scheduled",
)


def lecture_events(*, unit: Unit | None, site: str, at: datetime) -> list[Event]:
    """Lectures people of `unit` are asked to. One taken down again stays, cancelled; a draft never was."""
    shown = Q(live=True) | Q(first_published_at__isnull=False)
    pages = with_changes(pages_asking(unit=unit).filter(shown))
    recent = pages.filter(livestream__ends_at__gt=at - KEPT_FOR).order_by("livestream__starts_at")
    return [lecture_event(lecture_of(page), site=site) for page in recent]


def with_changes(pages: PageQuerySet) -> PageQuerySet:
    """`changes`: how often each page was put up or taken down; `changed_at`: when last."""
    of_page = PageLogEntry.objects.filter(page=OuterRef("pk"), action__in=CHANGES)
    of_page = of_page.order_by().values("page")
    return pages.annotate(
        changes=Coalesce(Subquery(of_page.annotate(n=Count("pk")).values("n")), 0),
        changed_at=Subquery(of_page.annotate(last=Max("timestamp")).values("last")),
    )


def lecture_event(lecture: Lecture, *, site: str) -> Event:
    """`lecture.page` comes from `with_changes`."""
    page, livestream = lecture.page, lecture.livestream
    path = reverse("study", args=[lecture.unit.key]) if lecture.unit else page.get_url() or "/"
    by = _("%(name)s 主讲。") % {"name": livestream.lecturer} if livestream.lecturer else ""
    changed = [livestream.video.created_at, livestream.revised_at, page.changed_at]
    return Event(
        uid=f"livestream-{livestream.video.key}@qiangji",
        sequence=livestream.revisions + page.changes,
        starts_at=livestream.starts_at,
        ends_at=livestream.ends_at,
        changed_at=max(filter(None, changed)),
        title=page.title,
        description=f"{by}{page.summary}",
        url=urljoin(site, path),
        is_cancelled=not page.live,
    )
