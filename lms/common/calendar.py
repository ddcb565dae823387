"""iCalendar (RFC 5545): events in, bytes out. What an event is about is its caller's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar
from icalendar import Event as Entry

PRODUCT = "-//Qiangji//LMS//ZH"
REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Event:
    """`uid` stays with the event for ever; `sequence` rises with each change that people must know of."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    title: str
    description: str
    url: str
    place: str = ""
    is_cancelled: bool = False


def calendar_of(events: Sequence[Event], *, name: str) -> bytes:
    """One VCALENDAR in UTC, so that no client needs a table of time zones. The same events, the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for event in events:
        calendar.add_component(_entry(event))
    return calendar.to_ical()


def _entry(event: Event) -> Entry:
    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.changed_at.astimezone(UTC))
    entry.add("last-modified", event.changed_at.astimezone(UTC))
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    entry.add("dtend", event.ends_at.astimezone(UTC))
    entry.add("summary", event.title)
    entry.add("description", event.description)
    entry.add("url", event.url)
    if event.place:
        entry.add("location", event.place)
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    return entry
