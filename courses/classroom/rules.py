"""Who and what is free when, and how far it is. Plain values; times are aware datetimes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise
from math import asin, ceil, cos, radians, sin, sqrt

EARTH_KM = 6371.0
# Mountain roads: longer than the line through the air, and slow. Estimates only, until somebody who
# drives there enters the minutes.
DETOUR = 1.4
KM_PER_HOUR = 35.0
LEAST_MINUTES = 10  # packing up, walking to the car
UNKNOWN_MINUTES = 30  # no coordinates and no entered figure

DAY_BEGINS = timedelta(hours=8)
DAY_ENDS = timedelta(hours=18)
SLOT_STEP = timedelta(minutes=30)
DAYS_AROUND = 5

Point = tuple[float, float]


def distance_km(one: Point, other: Point) -> float:
    """Kilometres along the surface between two (latitude, longitude) in degrees (haversine)."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def estimated_minutes(one: Point | None, other: Point | None) -> int:
    """Minutes on the road, rounded up to five; a guess where a place has no coordinates."""
    if one is None or other is None:
        return UNKNOWN_MINUTES
    minutes = distance_km(one, other) * DETOUR / KM_PER_HOUR * 60
    return max(LEAST_MINUTES, ceil(minutes / 5) * 5)


class Kind(StrEnum):
    LECTURER = "lecturer"
    SITE = "site"
    VEHICLE = "vehicle"


@dataclass(frozen=True)
class Booking:
    """Somebody or something is taken from `starts_at` to `ends_at`. `site_id` is where, if known."""

    kind: Kind
    holder_id: int
    starts_at: datetime
    ends_at: datetime
    site_id: int | None = None
    trip_title: str = ""
    name: str = ""


@dataclass(frozen=True)
class Clash:
    """`wanted` cannot be because of `other`. `short_minutes` is what is missing for the road; 0 where
    the two overlap."""

    wanted: Booking
    other: Booking
    short_minutes: int = 0


Travel = Callable[[int | None, int | None], int]


def clashes(wanted: Sequence[Booking], taken: Iterable[Booking], travel: Travel) -> list[Clash]:
    """Every pair that cannot both be: of what is wanted with what is taken, and within what is wanted."""
    found = [clash for one in wanted for two in taken if (clash := clash_of(one, two, travel))]
    for index, one in enumerate(wanted):
        for two in wanted[index + 1 :]:
            if clash := clash_of(one, two, travel):
                found.append(clash)
    return found


def clash_of(one: Booking, two: Booking, travel: Travel) -> Clash | None:
    """Half-open: what ends at noon and what begins at noon at the same place do not clash."""
    if (one.kind, one.holder_id) != (two.kind, two.holder_id):
        return None
    if one.starts_at < two.ends_at and two.starts_at < one.ends_at:
        return Clash(one, two)
    if one.kind != Kind.LECTURER or one.site_id == two.site_id:
        return None
    first, second = sorted((one, two), key=lambda booking: booking.starts_at)
    needed = timedelta(minutes=travel(first.site_id, second.site_id))
    short = needed - (second.starts_at - first.ends_at)
    return Clash(one, two, ceil(short / timedelta(minutes=1))) if short > timedelta() else None


@dataclass(frozen=True)
class Leg:
    """From one stop of a trip to the next: the road needs more minutes than there are."""

    earlier: int
    later: int
    needed_minutes: int
    free_minutes: int


def hurried_legs(
    stops: Sequence[tuple[datetime, datetime, int | None]], travel: Travel
) -> list[Leg]:
    """Of (starts, ends, site) in order of time: where the group cannot get to the next stop in time."""
    found = []
    for index, ((_s, ends_at, here), (starts_at, _e, there)) in enumerate(pairwise(stops)):
        free = int((starts_at - ends_at) / timedelta(minutes=1))
        needed = 0 if here == there else travel(here, there)
        if free < needed:
            found.append(Leg(index, index + 1, needed, free))
    return found


def nearest_free(
    wanted: Sequence[Booking],
    taken: Sequence[Booking],
    travel: Travel,
    *,
    zone: tzinfo,
    after: datetime,
    most: int = 3,
) -> list[datetime]:
    """Starts nearest to the wanted one, by day, at which all of `wanted` (one stop's) would be free."""
    found: list[datetime] = []
    for start in _slots(wanted[0].starts_at, wanted[0].ends_at - wanted[0].starts_at, zone):
        if start < after:
            continue
        moved = [_moved(booking, start) for booking in wanted]
        if not clashes(moved, taken, travel):
            found.append(start)
            if len(found) == most:
                break
    return found


def _slots(around: datetime, length: timedelta, zone: tzinfo) -> Iterator[datetime]:
    """Half hours of the working day, nearest to `around` first."""
    local = around.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    starts = []
    for days in range(-DAYS_AROUND, DAYS_AROUND + 1):
        day = midnight + timedelta(days=days)
        start = day + DAY_BEGINS
        while start + length <= day + DAY_ENDS:
            starts.append(start)
            start += SLOT_STEP
    return iter(sorted(starts, key=lambda start: (abs(start - local), start)))


def _moved(booking: Booking, start: datetime) -> Booking:
    length = booking.ends_at - booking.starts_at
    return Booking(
        booking.kind, booking.holder_id, start, start + length, booking.site_id,
        booking.trip_title, booking.name,
    )  # fmt: skip
