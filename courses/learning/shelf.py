"""The shelf: every published package in a form that costs nothing to read again.

The shelf is the same for everyone and changes when a page or a video does, so each process keeps it
until the shelf's version in the cache moves; without a cache it is read anew after half a minute.
What a person has done is never kept here.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from time import monotonic
from uuid import UUID

from django.core.cache import cache
from django.db.models import Prefetch

from courses.catalogue.models import CoursePackagePage, CourseUnit
from courses.learning.selectors import packages_on_shelf
from lms.credits.rules import Rules, band_hours, covered
from lms.people.models import Person
from media.models import ViewingSession

VERSION_KEY = "shelf-version"
KEPT_SECONDS = 30.0


@dataclass(frozen=True)
class ShelfUnit:
    key: UUID
    video_id: int | None
    is_ready: bool
    duration_seconds: int


@dataclass(frozen=True)
class ShelfItem:
    """A package as the catalogue needs it."""

    page_id: int
    key: UUID
    title: str
    url: str
    topic: str
    lecturer_name: str
    lecturer_post: str
    is_required: bool
    published_at: datetime | None
    units: tuple[ShelfUnit, ...]

    @property
    def duration_seconds(self) -> int:
        return sum(unit.duration_seconds for unit in self.units)

    def hours(self, rules: Rules) -> Decimal:
        ready = (unit for unit in self.units if unit.video_id and unit.is_ready)
        return sum((band_hours(unit.duration_seconds, rules) for unit in ready), Decimal(0))


@dataclass(frozen=True)
class Standing:
    """How far one person is in one package."""

    state: str  # new | started | short | done
    percent: int
    earned: Decimal


_kept: tuple[object, float, list[ShelfItem]] | None = None


def shelf() -> list[ShelfItem]:
    """Published packages, newest first."""
    global _kept  # one process, one copy
    version = cache.get(VERSION_KEY)
    if _kept is None or _kept[0] != version or _kept[1] < monotonic():
        _kept = (version, monotonic() + KEPT_SECONDS, _read())
    return _kept[2]


def shelf_changed() -> None:
    """Make every process read the shelf anew."""
    try:
        cache.incr(VERSION_KEY)
    except ValueError:
        cache.set(VERSION_KEY, 1, None)


def _read() -> list[ShelfItem]:
    units = CourseUnit.objects.select_related("video").defer("body").order_by("sort_order", "pk")
    pages = packages_on_shelf().prefetch_related(Prefetch("units", queryset=units))
    return [_item(page) for page in pages.order_by("-first_published_at")]


def _item(page: CoursePackagePage) -> ShelfItem:
    return ShelfItem(
        page_id=page.pk,
        key=page.key,
        title=page.title,
        url=page.get_url(),
        topic=page.topic,
        lecturer_name=page.lecturer_name,
        lecturer_post=page.lecturer_post,
        is_required=page.is_required,
        published_at=page.first_published_at,
        units=tuple(
            ShelfUnit(
                key=unit.key,
                video_id=unit.video_id,
                is_ready=unit.video.is_ready if unit.video else True,
                duration_seconds=unit.video.duration_seconds if unit.video else 0,
            )
            for unit in page.units.all()
        ),
    )


def standings(*, person: Person, items: list[ShelfItem]) -> dict[UUID, Standing]:
    """package key → standing, in two queries however long the shelf is."""
    watched = {
        video_id: covered(spans)
        for video_id, spans in ViewingSession.objects.filter(person=person).values_list(
            "video_id", "watched"
        )
    }
    progress = {
        key: (status, hours)
        for key, status, hours in person.unit_progress.values_list("unit_key", "status", "hours")
    }
    return {item.key: _standing(item, watched, progress) for item in items}


def _standing(
    item: ShelfItem, watched: dict[int, int], progress: dict[UUID, tuple[str, Decimal]]
) -> Standing:
    records = [progress[unit.key] for unit in item.units if unit.key in progress]
    statuses = {status for status, _hours in records}
    if records and len(records) == len(item.units) and statuses == {"done"}:
        state = "done"
    elif "short" in statuses:
        state = "short"
    else:
        state = "started" if records else "new"
    return Standing(
        state=state,
        percent=_percent(item, watched, progress),
        earned=sum((hours for _status, hours in records), Decimal(0)),
    )


def _percent(
    item: ShelfItem, watched: dict[int, int], progress: dict[UUID, tuple[str, Decimal]]
) -> int:
    """Mean over the units, as `PackageState.percent` has it."""
    shares = []
    for unit in item.units:
        if progress.get(unit.key, ("", 0))[0] == "done":
            shares.append(100)
        else:
            seen = watched.get(unit.video_id, 0) if unit.video_id else 0
            shares.append(min(100, seen * 100 // unit.duration_seconds) if seen else 0)
    return sum(shares) // len(shares) if shares else 0
