"""Readers: bookings, travel times, trips and seats."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from courses.classroom.models import SeatPool, SignUp, Stop, TeachingSite, TravelTime, Trip
from courses.classroom.rules import Booking, Kind, Travel, estimated_minutes
from lms.people.models import Person
from lms.people.selectors import identity_ids


def travel_times(site_ids: Collection[int]) -> Travel:
    """Minutes between any two of these sites: as entered, else estimated. Two statements."""
    sites = {site.pk: site for site in TeachingSite.objects.filter(pk__in=site_ids)}
    rows = TravelTime.objects.filter(one__in=site_ids, other__in=site_ids)
    entered = {(one, other): n for one, other, n in rows.values_list("one", "other", "minutes")}

    def minutes(one: int | None, other: int | None) -> int:
        if one is None or other is None:
            return estimated_minutes(None, None)
        if one == other:
            return 0
        pair = (min(one, other), max(one, other))
        if pair in entered:
            return entered[pair]
        return estimated_minutes(sites[one].point, sites[other].point)

    return minutes


def bookings_of_stops(stops: Iterable[Stop]) -> list[Booking]:
    """Lecturer and site of each stop; `trip`, `lecturer` and `site` come with the stops."""
    found = []
    for stop in stops:
        when = (stop.starts_at, stop.ends_at, stop.site_id, stop.trip.title)
        found.append(Booking(Kind.LECTURER, stop.lecturer_id, *when, stop.lecturer.name))
        found.append(Booking(Kind.SITE, stop.site_id, *when, stop.site.name))
    return found


def booked_stops(
    *,
    lecturer_ids: Collection[int],
    site_ids: Collection[int],
    since: datetime,
    until: datetime,
    without: Trip | None = None,
) -> QuerySet[Stop]:
    """Stops of other trips that hold one of these lecturers or sites in that time."""
    held = Q(lecturer__in=lecturer_ids) | Q(site__in=site_ids)
    found = Stop.objects.filter(held, is_booked=True, ends_at__gt=since, starts_at__lt=until)
    if without is not None:
        found = found.exclude(trip=without)
    return found.select_related("trip", "lecturer", "site")


def booked_trips(
    *, vehicle_id: int, since: datetime, until: datetime, without: Trip | None = None
) -> QuerySet[Trip]:
    """Other trips that hold the vehicle in that time."""
    found = Trip.objects.filter(vehicle=vehicle_id, returns_at__gt=since, departs_at__lt=until)
    found = found.exclude(state=Trip.State.CANCELLED)
    return found.exclude(pk=without.pk) if without is not None else found


def stops_shown(*, since: datetime, until: datetime) -> QuerySet[Stop]:
    """Stops of announced trips in that time with what a calendar says of them; three statements.

    `seats` and `taken` are sums over the pools of a stop.
    """
    found = Stop.objects.filter(
        trip__state=Trip.State.ANNOUNCED, starts_at__gte=since, starts_at__lt=until
    )
    found = found.select_related("trip", "site__unit", "topic", "lecturer")
    return found.annotate(seats=Sum("pools__seats"), taken=Sum("pools__taken"))


def stops_of_trip(trip: Trip) -> QuerySet[Stop]:
    """With site, topic, lecturer and pools."""
    pools = Prefetch("pools", SeatPool.objects.select_related("unit").order_by("pk"))
    found = trip.stops.select_related("site__unit", "topic", "lecturer").prefetch_related(pools)
    waiting = Count("sign_ups", filter=Q(sign_ups__state=SignUp.State.WAITING))
    return found.annotate(waiting=waiting).order_by("starts_at", "pk")


def sign_ups_of(person: Person) -> QuerySet[SignUp]:
    """Seats the person holds or waits for, under whichever of their accounts."""
    found = SignUp.objects.filter(person__in=identity_ids(person))
    return found.exclude(state=SignUp.State.WITHDRAWN)


def people_ahead(sign_up: SignUp) -> int:
    """How many asked for a seat of this stop before, and still wait."""
    waiting = SignUp.objects.filter(stop=sign_up.stop_id, state=SignUp.State.WAITING)
    before = Q(asked_at__lt=sign_up.asked_at) | Q(asked_at=sign_up.asked_at, pk__lt=sign_up.pk)
    return waiting.filter(before).count()
