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
from media.live.selectors import expected_seconds, planned_livestream
from media.models import Livestream

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
        return sum(expected_seconds(unit.video) for unit in self.units if unit.video)

    def hours(self, rules: Rules) -> Decimal:
        """What all its videos give when watched in full; a lecture to come counts as planned."""
        lengths = (expected_seconds(unit.video) for unit in self.units if unit.video)
        return sum((band_hours(length, rules) for length in lengths if length), Decimal(0))

    @property
    def livestream(self) -> Livestream | None:
        """The lecture spoken at a time that it holds: the first not over yet, else the first."""
        held = [
            found for unit in self.units if unit.video and (found := planned_livestream(unit.video))
        ]
        to_come = [one for one in held if one.state != Livestream.State.ENDED]
        return next(iter([*to_come, *held]), None)


class Shelf:
    """Published packages, newest first, found by what addresses and records name them by."""

    def __init__(self, items: list[ShelfItem]) -> None:
        self.items = items
        self.by_key = {item.key: item for item in items}
        self.by_slug = {item.page.slug: item for item in items}
        self.units = {unit.key: (item, unit) for item in items for unit in item.units}
        self.by_video = {
            unit.video_id: (item, unit) for item in items for unit in item.units if unit.video_id
        }
        self.video_keys = {unit.video.key for _item, unit in self.by_video.values() if unit.video}


def packages_on_shelf() -> QuerySet[CoursePackagePage]:
    """Published packages anyone may see."""
    return CoursePackagePage.objects.live().public()


def _read() -> list[ShelfItem]:
    units = (
        CourseUnit.objects.select_related("video__livestream")
        .defer("body")
        .order_by("sort_order", "pk")
    )
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
