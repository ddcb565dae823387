"""A trip's page: its way, its seats, and signing up."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.classroom.calendar import stop_events
from courses.classroom.models import SignUp, Stop, Trip
from courses.classroom.presenting import trip_facts
from courses.classroom.seats import sign_up, withdraw
from courses.classroom.selectors import sign_ups_of, stops_of_trip, trips_open_to
from courses.classroom.views.calendar import here_of
from lms.common.calendar import calendar_of
from lms.common.clock import database_now
from lms.common.errors import Refusal
from lms.people.access import signed_in, visible_or_404
from lms.people.requests import PersonRequest


@signed_in
@require_GET
def trip(request: PersonRequest, trip_key: UUID) -> HttpResponse:
    return _page(request, trip_seen(request, trip_key))


@signed_in
@require_POST
def ask(request: PersonRequest, trip_key: UUID) -> HttpResponse:
    """Sign up for `stops` (keys) of the trip."""
    found = trip_seen(request, trip_key)
    wanted = set(request.POST.getlist("stops"))
    stops = [stop for stop in _stops(found) if str(stop.key) in wanted]
    if not stops:
        return _refused(request, found, _("请至少选一站。"), 400)
    try:
        rows = sign_up(stops=stops, person=request.user, at=database_now())
    except Refusal as refusal:
        return _refused(request, found, _(refusal.sentence), refusal.status)
    waiting = sum(row.state == SignUp.State.WAITING for row in rows)
    if waiting:
        words = _("有 %(count)s 站已满，你排在候补里。有人退出会按先后自动转正。")
        messages.warning(request, words % {"count": waiting})
    if held := len(rows) - waiting:
        messages.success(request, _("报上了 %(count)s 站。") % {"count": held})
    return redirect("classroom-trip", trip_key)


@signed_in
@require_POST
def give_back(request: PersonRequest, trip_key: UUID) -> HttpResponse:
    """Withdraw from the stop `stop` (its key)."""
    found = trip_seen(request, trip_key)
    own = sign_ups_of(request.user).filter(stop__trip=found).select_related("stop__trip", "person")
    row = next((row for row in own if str(row.stop.key) == request.POST.get("stop")), None)
    if row is not None:
        try:
            withdraw(sign_up=row, by=request.user, at=database_now())
        except Refusal as refusal:
            return _refused(request, found, _(refusal.sentence), refusal.status)
    messages.success(request, _("退掉了，名额让给了候补。"))
    return redirect("classroom-trip", trip_key)


@signed_in
@require_GET
def calendar_file(request: PersonRequest, trip_key: UUID) -> HttpResponse:
    """The trip's stops for a calendar: those one signed up for, all where one did not."""
    found = trip_seen(request, trip_key)
    held = sign_ups_of(request.user).filter(state=SignUp.State.HELD).values_list("stop", flat=True)
    mine = set(held)
    stops = _stops(found)
    chosen = [stop for stop in stops if stop.pk in mine] or stops
    answer = HttpResponse(
        calendar_of(stop_events(chosen, site=settings.BASE_URL), name=found.title),
        content_type="text/calendar",
    )
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.ics"'
    return answer


def trip_seen(request: PersonRequest, trip_key: UUID) -> Trip:
    """One the person may sign up for. Raises Http404."""
    unit = request.posting.unit if request.posting else None
    visible = trips_open_to(unit=unit).select_related("host_unit", "manager", "vehicle")
    return visible_or_404(visible, Trip.objects.all(), by=request.user, key=trip_key)


def _stops(found: Trip) -> list[Stop]:
    stops = list(stops_of_trip(found))
    for stop in stops:
        stop.trip = found
    return stops


def _page(request: PersonRequest, found: Trip, status: int = 200) -> HttpResponse:
    at = database_now()
    own = {row.stop_id: row for row in sign_ups_of(request.user).filter(stop__trip=found)}
    facts = trip_facts(found, _stops(found), own, here_of(request), at)
    context = {"section": "classroom", "title": found.title, "trip": facts, "key": found.key}
    return render(request, "classroom/trip.html", context, status=status)


def _refused(request: PersonRequest, found: Trip, sentence: str, status: int) -> HttpResponse:
    messages.error(request, sentence)
    return _page(request, found, status)
