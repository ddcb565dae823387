"""What of mobile classrooms goes into a calendar: seats one holds, and those one held of a cancelled trip."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.classroom.models import SignUp, Stop, Trip
from courses.classroom.selectors import sign_ups_of
from lms.common.calendar import Event
from lms.people.models import Person

KEPT_FOR = timedelta(days=90)


def class_events(*, person: Person, site: str, at: datetime) -> list[Event]:
    """Stops the person holds a seat of; a cancelled trip stays, cancelled."""
    held = sign_ups_of(person).filter(state=SignUp.State.HELD, stop__ends_at__gt=at - KEPT_FOR)
    stops = Stop.objects.filter(pk__in=held.values("stop"))
    stops = stops.select_related("trip", "site", "topic", "lecturer").order_by("starts_at", "pk")
    return stop_events(stops, site=site)


def stop_events(stops: Iterable[Stop], *, site: str) -> list[Event]:
    """`trip`, `site`, `topic` and `lecturer` come with the stops."""
    return [
        Event(
            uid=f"stop-{stop.key}@qiangji",
            sequence=stop.trip.revisions,
            starts_at=stop.starts_at,
            ends_at=stop.ends_at,
            changed_at=stop.trip.changed_at,
            title=stop.topic.title,
            description=_("%(lecturer)s 主讲。%(trip)s")
            % {
                "lecturer": stop.lecturer.name,
                "trip": stop.trip.title,
            },
            url=urljoin(site, reverse("classroom-trip", args=[stop.trip.key])),
            place=" ".join(filter(None, [stop.site.name, stop.site.address])),
            is_cancelled=stop.trip.state == Trip.State.CANCELLED,
        )
        for stop in stops
    ]
