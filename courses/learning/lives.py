"""Lectures spoken at a time: which of them a person is asked to, and how each stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from wagtail.query import PageQuerySet

from courses.catalogue.models import CourseUnit, LivestreamPage
from courses.learning.shelf import ShelfItem, shelf
from lms.people.models import Unit
from lms.people.selectors import unit_ancestor_codes
from media.models import Livestream

State = Livestream.State

# A replay is news for so long; what was announced and never spoken is shown for a day.
FRESH_FOR = timedelta(days=30)
MISSED_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Lecture:
    """A livestream's page with the unit in which its hours are earned, None where there is none yet."""

    page: LivestreamPage
    item: ShelfItem | None
    unit: CourseUnit | None

    @property
    def livestream(self) -> Livestream:
        found: Livestream = self.page.livestream
        return found

    @property
    def is_on(self) -> bool:
        return self.livestream.state in {State.LIVE, State.INTERRUPTED}

    @property
    def is_over(self) -> bool:
        return self.livestream.state == State.ENDED


def pages_asking(*, unit: Unit | None) -> PageQuerySet:
    """Pages that ask everybody, or people of `unit`; for None only the former. Drafts are among them."""
    asked = LivestreamPage.audience.through.objects.filter(livestreampage_id=OuterRef("pk"))
    above = unit_ancestor_codes(unit) if unit else []
    invited = ~Exists(asked) | Q(Exists(asked.filter(unit__code__in=above)))
    return LivestreamPage.objects.filter(invited).select_related("livestream__video__owner_unit")


def lectures_for(*, unit: Unit | None, at: datetime) -> list[Lecture]:
    """What is on, what comes and fresh replays, in this order; one query."""
    pages = pages_asking(unit=unit).live()
    awaited = Q(livestream__state=State.ANNOUNCED, livestream__ends_at__gt=at - MISSED_FOR)
    over = Q(livestream__state=State.ENDED, livestream__ended_at__gt=at - FRESH_FOR)
    on = Q(livestream__state__in=[State.LIVE, State.INTERRUPTED])
    found = [lecture_of(page) for page in pages.filter(on | awaited | over)]
    return sorted(found, key=_order)


def lecture_of(page: LivestreamPage) -> Lecture:
    item, unit = shelf().by_video.get(page.livestream.video_id, (None, None))
    return Lecture(page, item, unit)


def matching(lectures: Sequence[Lecture], query: str) -> list[Lecture]:
    """Those whose title, lecturer or introduction hold every word of the query."""
    words = query.casefold().split()
    return [
        one
        for one in lectures
        if all(
            word in f"{one.page.title} {one.livestream.lecturer} {one.page.summary}".casefold()
            for word in words
        )
    ]


def _order(lecture: Lecture) -> tuple[int, float]:
    starts = lecture.livestream.starts_at.timestamp()
    if lecture.is_on:
        return 0, starts
    return (2, -starts) if lecture.is_over else (1, starts)
