"""The training record of one person and one year, built once for the page, the API and the export."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from courses.learning.selectors import Unearned, unearned_viewings
from lms.common.clock import local_date
from lms.credits.models import Bucket, LedgerEntry, PolicyVersion
from lms.credits.selectors import entries_of, policy_shown, yearly_totals
from lms.people.models import Person, Posting
from lms.people.selectors import posting_on
from lms.portal.why import why_entry, why_unearned
from lms.portal.years import Required, figures_of, required_of


@dataclass(frozen=True)
class Record:
    person: Person
    posting: Posting | None
    year: int
    on: date
    policy: PolicyVersion | None
    totals: dict[tuple[int, str], Decimal]
    required: Required
    entries: Sequence[LedgerEntry]
    unearned: Sequence[Unearned]

    def earned(self, bucket: str) -> Decimal:
        return self.totals.get((self.year, bucket), Decimal(0))


def record_of(*, person: Person, year: int, today: date) -> Record:
    """Everything a record page shows of a year, in a fixed number of queries. `on`: its last day so far."""
    on = min(today, date(year, 12, 31))
    posting = posting_on(person=person, on=on)
    policy = policy_shown(unit=posting.unit, on=on) if posting else None
    rules = figures_of(policy)
    return Record(
        person=person,
        posting=posting,
        year=year,
        on=on,
        policy=policy,
        totals=yearly_totals(person=person),
        required=required_of(posting, rules),
        entries=list(
            entries_of(person=person, year=year).select_related("archived__package", "reversed_by")
        ),
        unearned=unearned_viewings(person=person, year=year, rules=rules) if rules else [],
    )


def lines_of(record: Record) -> list[dict[str, Any]]:
    """Entries and videos not earned yet, newest first, as portal/record.html's `entries`.

    `explain` makes a line's `why`; only the lines that are shown need it (`explained`).
    """
    lines = [_entry_line(entry) for entry in record.entries]
    if record.policy is not None:
        lines += [_unearned_line(item, record.policy) for item in record.unearned]
    return sorted(lines, key=lambda line: (line["happened_on"], line["order"]), reverse=True)


def explained(line: dict[str, Any]) -> dict[str, Any]:
    """The line with its `why` worked out."""
    return line | {"why": line["explain"]()}


def _entry_line(entry: LedgerEntry) -> dict[str, Any]:
    state = "reversed" if getattr(entry, "reversed_by", None) else entry.outcome
    if state == LedgerEntry.Outcome.REVERSAL and entry.hours > 0:
        state = "restored"  # a reversal taken back
    return {
        "sequence": entry.sequence,
        "account": entry.person.staff_number,
        "anchor": f"{entry.person.staff_number}-{entry.sequence}"
        if entry.person.merged_into_id
        else entry.sequence,
        "happened_on": entry.happened_on,
        "order": entry.posted_at,
        "title": entry.title,
        "bucket": entry.bucket,
        "hours": entry.hours,
        "state": state,
        "missing_seconds": None,
        "is_open": False,
        "explain": partial(why_entry, entry),
    }


def _unearned_line(item: Unearned, policy: PolicyVersion) -> dict[str, Any]:
    at: datetime = item.last_beat_at
    return {
        "sequence": None,
        "account": "",
        "happened_on": local_date(at),
        "order": at,
        "title": f"{item.unit.package.title} · {item.unit.title}",
        "bucket": Bucket.ONLINE,
        "hours": Decimal(0),
        "state": "short",
        "missing_seconds": item.coverage.short_seconds,
        "is_open": False,
        "explain": partial(why_unearned, item, policy),
    }
