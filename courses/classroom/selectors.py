"""Readers: bookings, travel times, trips and seats."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from courses.classroom.models import SeatPool, SignUp, Stop, TeachingSite, TravelTime, Trip
from courses.classroom.rules import Booking, Kind, Point, Travel, estimated_minutes
from lms.people.models import Person, Unit
from lms.people.selectors import identity_ids, unit_ancestor_codes


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


def trips_open_to(*, unit: Unit | None) -> QuerySet[Trip]:
    """Announced by a unit above theirs, or their own: whoever serves there may sign up.

    Cancelled trips stay in sight, so that nobody goes in vain; drafts are not shown.
    """
    codes = unit_ancestor_codes(unit) if unit is not None else []
    return Trip.objects.filter(host_unit__code__in=codes).exclude(state=Trip.State.DRAFT)


def stops_shown(
    *, unit: Unit | None, since: datetime, until: datetime, at: datetime
) -> QuerySet[Stop]:
    """Stops in that time that people of `unit` see.

    With `seats` and `taken` over all pools, and `left`: the seats people of `unit` may have now.
    """
    found = Stop.objects.filter(
        trip__in=trips_open_to(unit=unit), is_booked=True, starts_at__gte=since, starts_at__lt=until
    )
    found = found.select_related("trip", "site__unit", "topic", "lecturer")
    codes = unit_ancestor_codes(unit) if unit is not None else []
    theirs = Q(pools__unit=None) | Q(pools__unit__code__in=codes) | Q(pools__release_at__lte=at)
    found = found.annotate(
        seats=Sum("pools__seats"),
        taken=Sum("pools__taken"),
        left=Sum(F("pools__seats") - F("pools__taken"), filter=theirs),
    )
    return found.order_by("starts_at", "pk")


def places_of(unit: Unit) -> list[Point]:
    """Where the unit is, as far as its teaching sites tell; degrees."""
    sites = TeachingSite.objects.filter(unit=unit, latitude__isnull=False)
    return [site.point for site in sites if site.point is not None]


def stops_of_trip(trip: Trip) -> QuerySet[Stop]:
    """With site, topic, lecturer and pools."""
    pools = Prefetch("pools", SeatPool.objects.select_related("unit").order_by("pk"))
    found = trip.stops.select_related("site__unit", "topic", "lecturer").prefetch_related(pools)
    waiting = Count("sign_ups", filter=Q(sign_ups__state=SignUp.State.WAITING))
    return found.annotate(waiting=waiting).order_by("starts_at", "pk")


def sign_ups_of(person: Person) -> QuerySet[SignUp]:
    """Seats the person holds or waits for, under whichever of their accounts.

    `ahead`: how many asked for the same stop before and still wait.
    """
    waiting = SignUp.objects.filter(stop=OuterRef("stop"), state=SignUp.State.WAITING)
    before = Q(asked_at__lt=OuterRef("asked_at"))
    before |= Q(asked_at=OuterRef("asked_at"), pk__lt=OuterRef("pk"))
    counted = waiting.filter(before).order_by().values("stop").annotate(n=Count("pk")).values("n")
    found = SignUp.objects.filter(person__in=identity_ids(person))
    found = found.exclude(state=SignUp.State.WITHDRAWN)
    return found.annotate(ahead=Coalesce(Subquery(counted), 0))
