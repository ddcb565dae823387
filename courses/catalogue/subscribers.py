"""What is done to the pages of the shelf in Wagtail's admin, into the journal: Wagtail's own log tells us.

Drafts change nothing of record and are kept as revisions; what learners see and earn by does.
"""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.models import PageLogEntry

from courses.catalogue.models import CoursePackagePage, LivestreamPage
from lms.common.clock import database_now
from lms.journal.services import record

CREATED = {"wagtail.create", "wagtail.copy", "wagtail.create_alias"}
PUBLISHED = {"wagtail.publish", "wagtail.publish.scheduled"}
UNPUBLISHED = {"wagtail.unpublish", "wagtail.unpublish.scheduled"}
DELETED = {"wagtail.delete"}


@receiver(post_save, sender=PageLogEntry)
def note_what_was_done(instance: PageLogEntry, created: bool, **_facts: Any) -> None:
    if not created:
        return
    lecture = LivestreamPage.objects.filter(pk=instance.page_id).first()
    page = lecture or CoursePackagePage.objects.filter(pk=instance.page_id).first()
    if page is None:
        return
    facts: dict[str, Any] = {
        "by": instance.user, "at": database_now(), "obj": page, "detail": {"title": page.title}
    }  # fmt: skip
    if instance.action in CREATED:
        record(action="live_page.created" if lecture else "course.created", **facts)
    elif instance.action in PUBLISHED:
        record(action="live_page.published" if lecture else "course.published", **facts)
    elif instance.action in UNPUBLISHED:
        record(action="live_page.unpublished" if lecture else "course.unpublished", **facts)
    elif instance.action in DELETED:
        record(action="live_page.deleted" if lecture else "course.deleted", **facts)
