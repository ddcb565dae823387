"""A mobile classroom for tests: menu, a trip of two stops tomorrow, seats. By the real services."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from courses.classroom.models import Lecturer, Stop, TeachingSite, Topic, Trip, Vehicle
from courses.classroom.planning import StopPlan, TripPlan, plan_trip
from courses.classroom.seats import PoolPlan, announce_trip, set_pools
from lms.people.models import Person
from tests import world

MORNING = datetime(2026, 11, 26, 1, 10, tzinfo=UTC)  # ten past nine in Shanghai
BEFORE = MORNING - timedelta(days=7)
_numbers = count(1)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def lecturer(name: str = "周丽娟", **facts: Any) -> Lecturer:
    fields: dict[str, Any] = {
        "name": name, "kind": "academic", "unit": world.county(), "workplace": "丽水市农业农村局",
    }  # fmt: skip
    return Lecturer.objects.create(**fields | facts)


def site(name: str = "大东坝镇石仓古民居", **facts: Any) -> TeachingSite:
    fields: dict[str, Any] = {"name": name, "unit": world.town(), "seats": 40}
    return TeachingSite.objects.create(**fields | facts)


def topic(title: str = "强村公司章程逐条读", **facts: Any) -> Topic:
    fields: dict[str, Any] = {
        "title": title, "outline": "章程、股权、分红三段。", "minutes": 90, "unit": world.county(),
    }  # fmt: skip
    return Topic.objects.create(**fields | facts)


def vehicle(name: str = "1 号车") -> Vehicle:
    return Vehicle.objects.create(name=name, seats=33, unit=world.county())


def stop_plan(starts_at: datetime = MORNING, **facts: Any) -> StopPlan:
    """An hour and a half at a new site with a new lecturer, unless given."""
    length = facts.pop("length", minutes(90))
    fields: dict[str, Any] = {
        "site": facts.get("site") or site(),
        "topic": facts.get("topic") or topic(),
        "lecturer": facts.get("lecturer") or lecturer(),
        "starts_at": starts_at,
        "ends_at": starts_at + length,
        "hours": Decimal("1.5"),
    }
    return StopPlan(**fields | facts)


def trip_plan(*stops: StopPlan, **facts: Any) -> TripPlan:
    day = (stops[0].starts_at if stops else MORNING).replace(hour=0, minute=20)
    fields: dict[str, Any] = {
        "title": "强村富民政策怎么落到村",
        "host_unit": world.county(),
        "departs_at": day,
        "returns_at": day + timedelta(hours=10),
        "sign_up_until": day - timedelta(hours=12),
        "withdraw_until": day - timedelta(hours=20),
        "stops": stops,
    }
    return TripPlan(**fields | facts)


def planned(
    *stops: StopPlan, at: datetime = BEFORE, by: Person | None = None, **facts: Any
) -> Trip:
    plan = trip_plan(*(stops or (stop_plan(),)), **facts)
    return plan_trip(plan=plan, by=by or world.holder("class_manager"), at=at)


def announced(*stops: StopPlan, pools: Sequence[PoolPlan] = (), **facts: Any) -> Trip:
    """`pools` are those of every stop; without, all seats of the site are open."""
    by = world.holder("class_manager")
    trip = planned(*stops, by=by, **facts)
    for stop in trip.stops.select_related("site", "trip"):
        if pools:
            set_pools(stop=stop, pools=pools, by=by, at=BEFORE)
    announce_trip(trip=trip, by=by, at=BEFORE)
    trip.refresh_from_db()
    return trip


def first_stop(trip: Trip) -> Stop:
    found = trip.stops.select_related("trip", "site", "topic", "lecturer").first()
    assert found is not None
    return found
