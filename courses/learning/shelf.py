"""The shelf: every published package with its units, in a form that costs nothing to read again.

The shelf is the same for everyone and changes when a page or a video does, so each process keeps it
until the shelf's version in the cache moves; without a cache it is read anew after half a minute.
Its pages, units and videos are shared by all requests: read them, never change them. What a person
has done is never kept here.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from time import monotonic
from uuid import UUID, uuid4

from django.core.cache import cache
from django.db.models import Prefetch, QuerySet

from courses.catalogue.models import CoursePackagePage, CourseUnit
from lms.credits.rules import Rules, band_hours

VERSION_KEY = "shelf-version"
KEPT_SECONDS = 30.0
CHECK_SECONDS = 0.5  # a request asks several times


@dataclass(frozen=True)
class ShelfItem:
    """A published package and its units in order."""

    page: CoursePackagePage
    url: str
    units: tuple[CourseUnit, ...]

    @property
    def key(self) -> UUID:
        return self.page.key

    @property
    def published_at(self) -> datetime | None:
        return self.page.first_published_at

    @property
    def duration_seconds(self) -> int:
        return sum(unit.video.duration_seconds for unit in self.units if unit.video)

    def hours(self, rules: Rules) -> Decimal:
        """What all its videos give when watched in full."""
        ready = (unit.video for unit in self.units if unit.video and unit.video.is_ready)
        return sum((band_hours(video.duration_seconds, rules) for video in ready), Decimal(0))


class Shelf:
    """Published packages, newest first, found by what addresses and records name them by."""

    def __init__(self, items: list[ShelfItem]) -> None:
        self.items = items
        self.by_key = {item.key: item for item in items}
        self.by_slug = {item.page.slug: item for item in items}
        self.units = {unit.key: (item, unit) for item in items for unit in item.units}


@dataclass(frozen=True)
class _Kept:
    """A shelf, the version it was read at, and when to look at the version and the rows again."""

    shelf: Shelf
    version: str | None
    check_at: float
    until: float


_kept: _Kept | None = None


def shelf() -> Shelf:
    global _kept  # one process, one copy
    kept, now = _kept, monotonic()
    if kept is not None and now < kept.check_at:
        return kept.shelf
    version = cache.get(VERSION_KEY)
    if kept is None or kept.version != version or kept.until < now:
        kept = _Kept(Shelf(_read()), version, now + CHECK_SECONDS, now + KEPT_SECONDS)
    _kept = replace(kept, check_at=now + CHECK_SECONDS)
    return kept.shelf


def shelf_changed() -> None:
    """Make every process read the shelf anew. A new name each time: a cache that was emptied and
    counted up again must not bring an old shelf back."""
    global _kept
    _kept = None
    cache.set(VERSION_KEY, uuid4().hex, None)


def packages_on_shelf() -> QuerySet[CoursePackagePage]:
    """Published packages anyone may see."""
    return CoursePackagePage.objects.live().public()


def _read() -> list[ShelfItem]:
    units = CourseUnit.objects.select_related("video").defer("body").order_by("sort_order", "pk")
    pages = packages_on_shelf().select_related("owner_unit")
    pages = pages.prefetch_related(Prefetch("units", queryset=units))
    return [_item(page) for page in pages.order_by("-first_published_at")]


def _item(page: CoursePackagePage) -> ShelfItem:
    units = tuple(page.units.all())
    for unit in units:
        unit.package = page  # or each would read its page again
    return ShelfItem(page=page, url=page.get_url(), units=units)
