"""Readers of the journal. Nothing here costs more as the journal grows: pages go by key, not by number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from lms.journal.models import JournalEntry, JournalSeal
from lms.journal.rules import utc_text
from lms.people.models import Person, Unit
from lms.people.roles import Permission
from lms.people.selectors import units_visible_to

HEAD_FILE = "journal/head.json"
# Up to this many units are named one by one, so the planner knows how rare they are; its statistics
# of the two columns are a thousand units deep.
NAMED_UNITS = 100
NAMESAKES_MAX = 100
REFUSED_DAYS = 7
REFUSED_SHOWN = 999


@dataclass(frozen=True)
class Conditions:
    """What an auditor looks for; empty ones do not narrow. `people` are actors or subjects."""

    people: Sequence[int] | None = None
    action: str = ""
    outcome: str = ""
    object_type: str = ""
    object_id: str = ""
    address: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Place:
    """Where a page begins: after this row, newest first."""

    at: datetime
    id: int


def entries_visible_to(*, person: Person, on: date) -> QuerySet[JournalEntry]:
    """Rows whose actor or object lies in the subtrees `person` reads the journal for, newest first.

    Rows of nobody and nothing, as of the system itself, belong to the site's own unit.
    """
    rows = JournalEntry.objects.order_by("-at", "-id")
    units = units_visible_to(person=person, permission=Permission.READ_JOURNAL, on=on)
    named = list(units.values_list("pk", flat=True)[: NAMED_UNITS + 1])
    if not named:
        return rows.none()
    if not Unit.objects.exclude(pk__in=units).exists():
        return rows
    chosen: Any = named if len(named) <= NAMED_UNITS else units.values("pk")
    scope = Q(unit__in=chosen) | Q(object_unit__in=chosen)
    if units.filter(code=settings.QIANGJI["SITE_UNIT_CODE"]).exists():
        scope |= Q(unit__isnull=True, object_unit__isnull=True)
    return rows.filter(scope)


def matching(rows: QuerySet[JournalEntry], conditions: Conditions) -> QuerySet[JournalEntry]:
    """The rows that meet every condition."""
    exact = {
        name: value
        for name in ("action", "outcome", "object_type", "object_id", "address")
        if (value := getattr(conditions, name))
    }
    rows = rows.filter(**exact)
    if conditions.people is not None:
        people = list(conditions.people)
        rows = rows.filter(Q(actor__in=people) | Q(subject__in=people))
    if conditions.since:
        rows = rows.filter(at__gte=_moment(conditions.since, time.min))
    if conditions.until:  # no day after: 9999-12-31 has none
        rows = rows.filter(at__lte=_moment(conditions.until, time.max))
    return rows


def page_after(
    rows: QuerySet[JournalEntry], place: Place | None, size: int
) -> tuple[list[JournalEntry], Place | None]:
    """`size` rows after `place`, and where the next page begins; None at the end."""
    if place is not None:
        # Written so that the index on (at, id) and the months' borders both serve it.
        rows = rows.filter(Q(at__lt=place.at) | Q(id__lt=place.id), at__lte=place.at)
    found = list(rows.select_related("actor", "posting__unit", "subject")[: size + 1])
    if len(found) <= size:
        return found, None
    last = found[size - 1]
    return found[:size], Place(last.at, last.pk)


def people_called(text: str) -> list[int]:
    """Persons by name, pinyin initials or staff number; at most one more than NAMESAKES_MAX."""
    wanted = (
        Q(name__contains=text) | Q(staff_number=text) | Q(pinyin_initials__startswith=text.lower())
    )
    return list(Person.objects.filter(wanted).values_list("pk", flat=True)[: NAMESAKES_MAX + 1])


def recent_refusals(rows: QuerySet[JournalEntry], *, at: datetime) -> int:
    """Refusals of the last days, counted up to a thousand."""
    since = at - timedelta(days=REFUSED_DAYS)
    refused = rows.filter(outcome=JournalEntry.Outcome.REFUSED, at__gte=since)
    return refused[: REFUSED_SHOWN + 1].count()


READINGS = ("people.data_read", "people.id_number_revealed", "journal.row_read")


def readings_of(person: Person) -> QuerySet[JournalEntry]:
    """Who was shown that person's data, newest first; what was refused and oneself left out."""
    rows = JournalEntry.objects.filter(
        subject=person, action__in=READINGS, outcome=JournalEntry.Outcome.DONE
    )
    return (
        rows.exclude(actor=person).select_related("actor", "posting__unit").order_by("-at", "-id")
    )


def seal_of(entry: JournalEntry) -> JournalSeal | None:
    return JournalSeal.objects.filter(batch=entry.batch).first()


def journal_head(*, at: datetime) -> dict[str, Any]:
    """The end of the chain as it was then, to leave the house with what is handed over."""
    seal = JournalSeal.objects.filter(sealed_at__lte=at).order_by("-number").first()
    if seal is None:
        return {"number": 0, "hash": "", "sealed_at": ""}
    return {
        "number": seal.number,
        "hash": bytes(seal.hash).hex(),
        "sealed_at": utc_text(seal.sealed_at),
    }


def _moment(day: date, of_day: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, of_day))
