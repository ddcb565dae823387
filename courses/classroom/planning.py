"""Planning a trip: nobody and nothing is booked twice, and the road between two stops fits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from courses.classroom.models import Lecturer, Stop, TeachingSite, Topic, Trip, Vehicle
from courses.classroom.rules import (
    Booking,
    Clash,
    Kind,
    Leg,
    Travel,
    clashes,
    hurried_legs,
    nearest_free,
)
from courses.classroom.seats import cancel_occasions, give_up_stop, open_occasions
from courses.classroom.selectors import (
    booked_stops,
    booked_trips,
    bookings_of_stops,
    travel_times,
)
from lms.common.errors import Refusal
from lms.common.wording import clock_time_text, day_text
from lms.journal.services import record
from lms.people.models import Person, Unit

# Another lecture further away than this never keeps a lecturer from this one.
REACH = timedelta(days=1)
AROUND = timedelta(days=6)


class BookedTwice(Refusal):
    """`collisions` says of each stop with what it collides and when it could be instead."""

    code = "booked_twice"
    sentence = gettext_noop("时间有冲突，行程没有保存。")
    status = 409

    def __init__(self, collisions: Sequence["Collision"] = ()) -> None:
        super().__init__()
        self.collisions = tuple(collisions)


class NoStops(Refusal):
    code = "no_stops"
    sentence = gettext_noop("行程里还没有站点。请至少安排一站。")


class StopOutsideTrip(Refusal):
    code = "stop_outside_trip"
    sentence = gettext_noop("有一站不在出发和返回之间。请改站点的时间，或改出发、返回的时间。")


class RoadTooShort(Refusal):
    """`legs` are pairs of stops, by their place in the day."""

    code = "road_too_short"
    sentence = gettext_noop("两站之间来不及赶路，行程没有保存。")
    status = 409

    def __init__(self, legs: Sequence[Leg]) -> None:
        super().__init__()
        self.legs = tuple(legs)


class TripOver(Refusal):
    code = "trip_over"
    sentence = gettext_noop("这次流动课堂已经结束或取消，不能再改。")
    status = 409


class ChangedMeanwhile(Refusal):
    code = "changed_meanwhile"
    sentence = gettext_noop("别人刚刚改过这次行程。请看过新的安排再改。")
    status = 409


@dataclass(frozen=True)
class StopPlan:
    """One stop as the planner wants it; `key` names a stop that is there already."""

    site: TeachingSite
    topic: Topic
    lecturer: Lecturer
    starts_at: datetime
    ends_at: datetime
    hours: Decimal
    key: UUID | None = None


@dataclass(frozen=True)
class TripPlan:
    title: str
    host_unit: Unit
    departs_at: datetime
    returns_at: datetime
    sign_up_until: datetime
    withdraw_until: datetime
    summary: str = ""
    bring: str = ""
    manager: Person | None = None
    vehicle: Vehicle | None = None
    stops: Sequence[StopPlan] = field(default_factory=tuple)


@dataclass(frozen=True)
class Collision:
    """A sentence for the planner, the place of the stop in the plan (None: the vehicle), free starts."""

    sentence: str
    stop: int | None
    free: Sequence[datetime] = ()


def plan_trip(*, plan: TripPlan, by: Person, at: datetime) -> Trip:
    """A draft that holds its lecturers, sites and vehicle from now on.

    Raises NoStops, StopOutsideTrip, RoadTooShort, BookedTwice.
    """
    with transaction.atomic():
        trip = Trip(changed_at=at, **_columns(plan))
        _check(plan, trip=None, at=at)
        _write(trip, plan)
        record(action="classroom.trip_planned", by=by, at=at, obj=trip)
    return trip


def change_trip(
    *, trip: Trip, plan: TripPlan, seen_revision: int, by: Person, at: datetime
) -> None:
    """Bring a trip to another plan; stops left out are given up, if nobody signed up for them.

    Raises as `plan_trip`, and TripOver, ChangedMeanwhile.
    """
    with transaction.atomic():
        held = Trip.objects.select_for_update().get(pk=trip.pk)
        if held.state == Trip.State.CANCELLED or held.returns_at < at:
            raise TripOver
        if held.revisions != seen_revision:
            raise ChangedMeanwhile
        _check(plan, trip=held, at=at)
        for name, value in _columns(plan).items():
            setattr(trip, name, value)
        trip.revisions, trip.changed_at = held.revisions + 1, at
        _write(trip, plan)
        if held.is_announced:
            open_occasions(trip=trip, by=by, at=at)
        record(action="classroom.trip_changed", by=by, at=at, obj=trip)


def cancel_trip(*, trip: Trip, reason: str, by: Person, at: datetime) -> None:
    """Lecturers, sites and the vehicle are free again. Raises TripOver."""
    with transaction.atomic():
        held = Trip.objects.select_for_update().get(pk=trip.pk)
        if held.state == Trip.State.CANCELLED or held.returns_at < at:
            raise TripOver
        held.state, held.cancel_reason = Trip.State.CANCELLED, reason.strip()[:300]
        held.revisions, held.changed_at = held.revisions + 1, at
        held.save(update_fields=["state", "cancel_reason", "revisions", "changed_at"])
        held.stops.update(is_booked=False)
        cancel_occasions(trip=held, by=by, at=at)
        record(action="classroom.trip_cancelled", by=by, at=at, obj=held, reason=reason)


def _columns(plan: TripPlan) -> dict[str, object]:
    names = (
        "title", "host_unit", "departs_at", "returns_at", "sign_up_until", "withdraw_until",
        "summary", "bring", "manager", "vehicle",
    )  # fmt: skip
    return {name: getattr(plan, name) for name in names}


def _check(plan: TripPlan, *, trip: Trip | None, at: datetime) -> None:
    if not plan.stops:
        raise NoStops
    if any(s.starts_at < plan.departs_at or s.ends_at > plan.returns_at for s in plan.stops):
        raise StopOutsideTrip
    _lock(plan)
    wanted = [_wanted(stop, plan.title) for stop in plan.stops]
    taken = _taken(plan, trip)
    sites = {b.site_id for b in [*taken, *(b for pair in wanted for b in pair)] if b.site_id}
    travel = travel_times(sites)
    ordered = sorted((s.starts_at, s.ends_at, s.site.pk) for s in plan.stops)
    collisions = [
        *_collisions_of_stops(wanted, taken, travel, at),
        *_collisions_of_vehicle(plan, trip),
    ]
    if collisions:
        raise BookedTwice(collisions)
    if legs := hurried_legs(ordered, travel):
        raise RoadTooShort(legs)


def _lock(plan: TripPlan) -> None:
    """Whoever plans with the same lecturers, sites or vehicle waits here, so that the road counts too:
    the database's own constraints know of overlaps only."""
    locks = (
        (Lecturer, {stop.lecturer.pk for stop in plan.stops}),
        (TeachingSite, {stop.site.pk for stop in plan.stops}),
        (Vehicle, {plan.vehicle.pk} if plan.vehicle else set()),
    )
    for model, ids in locks:
        list(model._default_manager.filter(pk__in=ids).order_by("pk").select_for_update())


def _wanted(stop: StopPlan, title: str) -> tuple[Booking, Booking]:
    when = (stop.starts_at, stop.ends_at, stop.site.pk, title)
    return (
        Booking(Kind.LECTURER, stop.lecturer.pk, *when, stop.lecturer.name),
        Booking(Kind.SITE, stop.site.pk, *when, stop.site.name),
    )


def _taken(plan: TripPlan, trip: Trip | None) -> list[Booking]:
    stops = booked_stops(
        lecturer_ids={stop.lecturer.pk for stop in plan.stops},
        site_ids={stop.site.pk for stop in plan.stops},
        since=plan.departs_at - AROUND - REACH,
        until=plan.returns_at + AROUND + REACH,
        without=trip,
    )
    return bookings_of_stops(stops)


def _collisions_of_stops(
    wanted: Sequence[tuple[Booking, Booking]],
    taken: Sequence[Booking],
    travel: Travel,
    at: datetime,
) -> list[Collision]:
    found = []
    for index, pair in enumerate(wanted):
        others = [b for place, own in enumerate(wanted) if place != index for b in own]
        earlier = [b for place, own in enumerate(wanted) if place < index for b in own]
        hits = clashes(pair, [*taken, *earlier], travel)
        if hits:
            free = nearest_free(
                pair, [*taken, *others], travel, zone=timezone.get_current_timezone(), after=at
            )
            found += [Collision(_in_words(hit), index, free) for hit in hits]
    return found


def _collisions_of_vehicle(plan: TripPlan, trip: Trip | None) -> list[Collision]:
    if plan.vehicle is None:
        return []
    others = booked_trips(
        vehicle_id=plan.vehicle.pk, since=plan.departs_at, until=plan.returns_at, without=trip
    )
    return [
        Collision(
            _("%(vehicle)s %(span)s 已派给《%(trip)s》。")
            % {
                "vehicle": plan.vehicle.name,
                "span": _span(other.departs_at, other.returns_at),
                "trip": other.title,
            },
            None,
        )
        for other in others
    ]


def _in_words(clash: Clash) -> str:
    facts = {
        "name": clash.other.name,
        "span": _span(clash.other.starts_at, clash.other.ends_at),
        "trip": clash.other.trip_title,
        "minutes": clash.short_minutes,
    }
    if clash.short_minutes:
        return _("%(name)s %(span)s 在《%(trip)s》，赶过来还差 %(minutes)s 分钟。") % facts
    if clash.other.kind == Kind.SITE:
        return _("%(name)s %(span)s 已有《%(trip)s》。") % facts
    return _("%(name)s %(span)s 已排在《%(trip)s》。") % facts


def _span(start: datetime, end: datetime) -> str:
    """11月26日 09:10–10:40"""
    begins, ends = timezone.localtime(start), timezone.localtime(end)
    return f"{day_text(begins)} {clock_time_text(begins)}–{clock_time_text(ends)}"


def _write(trip: Trip, plan: TripPlan) -> None:
    try:
        with transaction.atomic():
            trip.save()
            _write_stops(trip, plan)
    except IntegrityError as error:
        # Two planners with different lecturers but one site can meet here; the constraint saw it.
        raise BookedTwice from error


def _write_stops(trip: Trip, plan: TripPlan) -> None:
    kept = {stop.key for stop in plan.stops if stop.key}
    there = {stop.key: stop for stop in trip.stops.all()}
    for key, stop in there.items():
        if key not in kept:
            give_up_stop(stop)
    # A stop may take the time another one leaves: both are written as free, then booked together.
    trip.stops.update(is_booked=False)
    for wanted in plan.stops:
        row = there.get(wanted.key) if wanted.key else None
        row = row or Stop(trip=trip, is_booked=False)
        row.site, row.topic, row.lecturer = wanted.site, wanted.topic, wanted.lecturer
        row.starts_at, row.ends_at, row.hours = wanted.starts_at, wanted.ends_at, wanted.hours
        row.is_booked = False
        row.save()
    trip.stops.update(is_booked=True)
