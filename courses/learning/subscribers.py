"""What makes the shelf change: a page published, unpublished, moved or deleted, a video finished or cut."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished, post_page_move

from courses.catalogue.models import CoursePackagePage
from courses.learning.services import settle_before_cut
from courses.learning.shelf import shelf_changed
from media.cutting import span_changes
from media.models import Video


@receiver(page_published, sender=CoursePackagePage)
@receiver(page_unpublished, sender=CoursePackagePage)
@receiver(post_page_move, sender=CoursePackagePage)
@receiver(post_delete, sender=CoursePackagePage)
@receiver(post_save, sender=Video)
def read_shelf_anew(**_facts: Any) -> None:
    shelf_changed()
    # Once more when others can see the change: one of them may have read the old rows in between.
    transaction.on_commit(shelf_changed)


@receiver(span_changes)
def settle_first(video: Video, at: datetime, **_facts: Any) -> None:
    settle_before_cut(video=video, at=at)
