"""The shelf: every published package with its units, in a form that costs nothing to read again.

The shelf is the same for everyone and changes when a page or a video does. Its pages, units and
videos are shared by all requests: read them, never change them. What a person has done is never kept
here.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from courses.catalogue.models import CoursePackagePage, CourseUnit
from lms.common.kept import Kept
from lms.credits.rules import Rules, band_hours

VERSION_KEY = "shelf-version"


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


shelf = Kept(VERSION_KEY, lambda: Shelf(_read()))


def shelf_changed() -> None:
    shelf.forget()
