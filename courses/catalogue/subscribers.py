"""What is done to the pages of the shelf in Wagtail's admin, into the journal: Wagtail's own log tells us.

Drafts change nothing of record and are kept as revisions; what learners see and earn by does.
"""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.models import Page, PageLogEntry

from courses.catalogue.models import CoursePackagePage, LivestreamPage
from lms.common.clock import database_now
from lms.journal.services import record

# Wagtail's log → what happened; the page's kind says to what.
HAPPENED = {
    "wagtail.create": "created",
    "wagtail.copy": "created",
    "wagtail.create_alias": "created",
    "wagtail.publish": "published",
    "wagtail.publish.scheduled": "published",
    "wagtail.unpublish": "unpublished",
    "wagtail.unpublish.scheduled": "unpublished",
    "wagtail.delete": "deleted",
}
NOUNS: dict[type[Page], str] = {CoursePackagePage: "course", LivestreamPage: "live_page"}


@receiver(post_save, sender=PageLogEntry)
def note_what_was_done(instance: PageLogEntry, created: bool, **_facts: Any) -> None:
    happened = HAPPENED.get(instance.action)
    if not created or happened is None:
        return
    for kind, noun in NOUNS.items():
        page = kind.objects.filter(pk=instance.page_id).first()
        if page is not None:
            record(
                action=f"{noun}.{happened}", by=instance.user, at=database_now(), obj=page,
                detail={"title": page.title},
            )  # fmt: skip
