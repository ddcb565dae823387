"""The machine interface under /api/v1/ (design §5)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import NinjaAPI, Schema
from ninja.security import django_auth

from lms.common.clock import database_now, local_date
from lms.people.requests import PersonRequest
from lms.portal.record import explained, lines_of, record_of

api = NinjaAPI(title="Qiangji", version="1", auth=django_auth, docs_url=None)


class Total(Schema):
    """Hours of one bucket this year; `required` is null where nothing is asked by the year."""

    earned: Decimal
    required: Decimal | None


class Why(Schema):
    """Why a line has the hours it has: the rule, the sum, and what was watched."""

    head: str
    rule: str
    source: str
    sums: list[tuple[str, str]]
    watched: list[tuple[int, int]]
    missing: list[tuple[int, int]]
    duration_seconds: int | None
    start_seconds: int = 0
    grade: str
    facts: list[dict[str, Any]]


class Line(Schema):
    """`sequence` counts in the ledger of `account`: the person's own, or one merged into it."""

    sequence: int | None
    account: str
    happened_on: date
    title: str
    bucket: str
    hours: Decimal
    state: str
    missing_seconds: int | None
    why: Why


class RecordOut(Schema):
    person: str
    staff_number: str
    unit: str | None
    year: int
    policy: str | None
    totals: dict[str, Total]
    entries: list[Line]
    read_at: datetime


@api.get("/me/record", response=RecordOut, tags=["record"])
def my_record(request: PersonRequest, year: int | None = None) -> dict[str, Any]:
    """The signed-in person's record of a year: requirement, totals per bucket, entries with why."""
    at = database_now()
    today = local_date(at)
    chosen = today.year if year is None else max(2000, min(year, today.year))
    record = record_of(person=request.user, year=chosen, today=today)
    return {
        "person": record.person.name,
        "staff_number": record.person.staff_number,
        "unit": record.posting.unit.name_on(record.on) if record.posting else None,
        "year": record.year,
        "policy": record.policy.label if record.policy else None,
        "totals": {
            "online": {"earned": record.earned("online"), "required": record.required.online},
            "in_person": {
                "earned": record.earned("in_person"),
                "required": record.required.in_person,
            },
        },
        "entries": [explained(line) for line in lines_of(record)],
        "read_at": at,
    }
