"""Which units show which videos: as the pages stand, and as drafts not published yet would have them."""

from collections.abc import Collection, Iterator

from django.db import connection
from django.urls import reverse

from courses.catalogue.models import CoursePackagePage, CourseUnit
from media.usage import Use, register_uses

# What a draft holds lies in its revision's JSON, where no foreign key protects the video.
DRAFTS = """
SELECT DISTINCT (unit ->> 'video')::bigint, page.id, unit ->> 'title'
FROM wagtailcore_page page
JOIN wagtailcore_revision revision ON revision.id = page.latest_revision_id
CROSS JOIN LATERAL jsonb_array_elements(coalesce(revision.content -> 'units', '[]')) unit
WHERE page.has_unpublished_changes AND jsonb_typeof(unit -> 'video') = 'number'
  AND (unit ->> 'video')::bigint = ANY(%s)
"""


def register() -> None:
    register_uses(uses)


def uses(video_ids: Collection[int]) -> Iterator[Use]:
    """Three queries, whatever the number of videos and packages."""
    rows = list(
        CourseUnit.objects.filter(video__in=video_ids)
        .order_by("package", "sort_order")
        .values_list("video_id", "package_id", "title")
    )
    with connection.cursor() as cursor:
        cursor.execute(DRAFTS, [list(video_ids)])
        drafts = [row for row in cursor.fetchall() if row not in set(rows)]
    pages = CoursePackagePage.objects.in_bulk({row[1] for row in [*rows, *drafts]})
    for is_draft, listed in ((False, rows), (True, drafts)):
        for video_id, page_id, title in listed:
            page = pages.get(page_id)
            if page is not None:
                yield _use(video_id, page, title, is_draft=is_draft)


def _use(video_id: int, page: CoursePackagePage, title: str, *, is_draft: bool) -> Use:
    return Use(
        video_id=video_id,
        package=page.title,
        unit=title,
        unit_id=page.owner_unit_id,
        edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
        url=page.url or "" if page.live and not is_draft else "",
    )
