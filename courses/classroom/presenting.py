"""Trips and stops as the templates' contracts want them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from courses.classroom.models import SeatPool, SignUp, Stop, Trip
from courses.classroom.rules import Point, distance_km
from lms.common.clock import local_date
from lms.people.models import Unit

NEAR_KM = 15.0
MOST_A_DAY = 3


@dataclass(frozen=True)
class Here:
    """From where somebody looks: their unit, and where it lies as far as is known."""

    unit: Unit | None
    places: Sequence[Point] = ()

    def distance(self, stop: Stop) -> float | None:
        """Kilometres through the air to the nearest known place of the unit."""
        if stop.site.point is None or not self.places:
            return None
        return min(distance_km(place, stop.site.point) for place in self.places)

    def is_own(self, stop: Stop) -> bool:
        return self.unit is not None and stop.site.unit_id == self.unit.pk

    def may_have(self, pool: SeatPool, at: datetime) -> bool:
        """Whether people from here may take a seat of that pool now."""
        if pool.unit is None or (pool.release_at is not None and pool.release_at <= at):
            return True
        return self.unit is not None and self.unit.path.startswith(pool.unit.path)

    def is_near(self, stop: Stop) -> bool:
        away = self.distance(stop)
        return self.is_own(stop) or (away is not None and away <= NEAR_KM)


def stop_facts(stop: Stop, own: SignUp | None, here: Here, at: datetime) -> dict[str, Any]:
    """A stop as a calendar, a list and the trip's page say it."""
    seats, taken = getattr(stop, "seats", None) or 0, getattr(stop, "taken", None) or 0
    begins, ends = localtime(stop.starts_at), localtime(stop.ends_at)
    away = here.distance(stop)
    return {
        "key": str(stop.key),
        "url": reverse("classroom-trip", args=[stop.trip.key]),
        "title": stop.topic.title,
        "trip_title": stop.trip.title,
        "place": stop.site.name,
        "unit": stop.site.unit.name,
        "starts_at": begins,
        "ends_at": ends,
        "month_and_weekday": date_format(begins, _("n月 D")).replace("星期", "周"),
        "lecturer": stop.lecturer.name,
        "lecturer_post": " ".join(filter(None, [stop.lecturer.workplace, stop.lecturer.post])),
        "lecturer_kind": stop.lecturer.get_kind_display(),
        "hours": stop.hours,
        "seats": seats,
        "taken": taken,
        "left": getattr(stop, "left", None) or 0,
        "is_own_unit": here.is_own(stop),
        "km": round(away, 1) if away is not None and not here.is_own(stop) else None,
        "own": own.state if own else "",
        "place_in_queue": own.ahead + 1 if own and own.state == SignUp.State.WAITING else None,  # type: ignore[attr-defined]
        "kind": _kind(stop, own, at),
        "may_ask": own is None and may_sign_up(stop.trip, at) and at < stop.starts_at,
        "may_withdraw": own is not None and may_withdraw(own, stop, at),
    }


def may_sign_up(trip: Trip, at: datetime) -> bool:
    return trip.is_announced and at <= trip.sign_up_until


def may_withdraw(own: SignUp, stop: Stop, at: datetime) -> bool:
    is_waiting = own.state == SignUp.State.WAITING
    return at < stop.starts_at and (is_waiting or at <= stop.trip.withdraw_until)


def _kind(stop: Stop, own: SignUp | None, at: datetime) -> str:
    """mine | past | open: how a calendar draws it."""
    if own is not None and own.state == SignUp.State.HELD:
        return "mine"
    return "past" if stop.ends_at < at else "open"


def month_grid(
    month: date, stops: Sequence[Mapping[str, Any]], today: date
) -> list[dict[str, Any]]:
    """Whole weeks from Monday that hold the month: [{day, label, weekday, is_off, is_today, stops, more}]."""
    first = month - timedelta(days=month.weekday())
    after = (month + timedelta(days=32)).replace(day=1)
    last = after + timedelta(days=(7 - after.weekday()) % 7)
    by_day: dict[date, list[Mapping[str, Any]]] = {}
    for stop in stops:
        by_day.setdefault(local_date(stop["starts_at"]), []).append(stop)
    days = [first + timedelta(days=number) for number in range((last - first).days)]
    return [_cell(day, month, by_day.get(day, []), today) for day in days]


def _cell(
    day: date, month: date, stops: Sequence[Mapping[str, Any]], today: date
) -> dict[str, Any]:
    label = date_format(day, _("n月j日")) if day.day == 1 else str(day.day)
    return {
        "day": day,
        "label": _("%(day)s 今天") % {"day": label} if day == today else label,
        "weekday": date_format(day, "D").replace("星期", "周"),
        "is_off": day.month != month.month,
        "is_today": day == today,
        "stops": stops[:MOST_A_DAY],
        "more": max(0, len(stops) - MOST_A_DAY),
        "count": len(stops),
    }


def trip_facts(
    trip: Trip, stops: Sequence[Stop], own: Mapping[int, SignUp], here: Here, at: datetime
) -> dict[str, Any]:
    """The trip's page: `stops` come from `stops_of_trip`."""
    shown = []
    for stop in stops:
        pools = list(stop.pools.all())
        stop.seats = sum(pool.seats for pool in pools)  # type: ignore[attr-defined]
        stop.taken = sum(pool.taken for pool in pools)  # type: ignore[attr-defined]
        theirs = [pool for pool in pools if here.may_have(pool, at)]
        stop.left = sum(pool.seats - pool.taken for pool in theirs)  # type: ignore[attr-defined]
        facts = stop_facts(stop, own.get(stop.pk), here, at)
        facts["kept"] = [_kept(pool, at) for pool in pools if pool.unit is not None]
        facts["waiting"] = stop.waiting  # type: ignore[attr-defined]
        shown.append(facts)
    askable = [facts for facts in shown if facts["may_ask"]]
    return {
        "title": trip.title,
        "summary": trip.summary,
        "number": trip.number,
        "day": localtime(trip.departs_at),
        "departs_at": localtime(trip.departs_at),
        "returns_at": localtime(trip.returns_at),
        "host_unit": trip.host_unit.name,
        "manager": trip.manager.name if trip.manager else "",
        "vehicle": trip.vehicle,
        "bring": trip.bring,
        "withdraw_until": localtime(trip.withdraw_until),
        "sign_up_until": localtime(trip.sign_up_until),
        "is_cancelled": trip.state == Trip.State.CANCELLED,
        "cancel_reason": trip.cancel_reason,
        "is_over": trip.returns_at < at,
        "may_sign_up": bool(askable),
        "stops": shown,
        "askable": askable,
        "mine": [facts for facts in shown if facts["own"]],
        "left": sum(facts["left"] for facts in askable),
        "hours": sum((stop.hours for stop in stops), start=0),
        "km": _whole_way([stop.site.point for stop in stops]),
        "calendar_url": reverse("classroom-calendar-file", args=[trip.key]),
    }


def _kept(pool: SeatPool, at: datetime) -> dict[str, Any]:
    """Seats kept for a unit: whose, how many are left, until when."""
    return {
        "unit": pool.unit.name if pool.unit else "",
        "left": pool.seats - pool.taken,
        "release_at": localtime(pool.release_at) if pool.release_at else None,
        "is_released": pool.release_at is not None and pool.release_at <= at,
    }


def _whole_way(points: Sequence[Point | None]) -> int | None:
    """Kilometres through the air from the first stop to the last; None where one is unknown."""
    known = [point for point in points if point is not None]
    if len(known) != len(points) or len(known) < 2:
        return None
    return round(sum(distance_km(one, other) for one, other in pairwise(known))) or None
