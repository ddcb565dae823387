"""Readers of policies and the ledger."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, Prefetch, QuerySet, Sum

from lms.common.kept import Kept
from lms.credits.models import LedgerEntry, PolicyVersion
from lms.people.models import Person, Posting, Unit
from lms.people.selectors import identity_ids, unit_ancestor_codes

TOTALS = """
SELECT coalesce(p.merged_into_id, p.id), e.bucket, sum(e.hours)
FROM people_person p JOIN credits_ledgerentry e ON e.person_id = p.id
WHERE (p.id = ANY(%(people)s) OR p.merged_into_id = ANY(%(people)s))
  AND e.happened_on BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2
"""


def policy_for(*, unit: Unit, on: date) -> PolicyVersion | None:
    """The version in force on that day for a unit: its own, else the nearest unit's above it."""
    versions = PolicyVersion.objects.filter(
        policy__unit__code__in=unit_ancestor_codes(unit), effective_from__lte=on
    ).select_related("policy__unit")
    return max(
        versions,
        key=lambda version: (len(version.policy.unit.path), version.effective_from),
        default=None,
    )


def policy_shown(*, unit: Unit, on: date) -> PolicyVersion | None:
    """As `policy_for`, from what this process keeps: for pages. Hours are settled by `policy_for`."""
    by_unit = policies_kept()
    for code in unit_ancestor_codes(unit):
        for version in by_unit.get(code, ()):
            if version.effective_from <= on:
                return version
    return None


def _versions_by_unit() -> dict[str, list[PolicyVersion]]:
    """Unit code → its policy's versions, the latest first."""
    found: dict[str, list[PolicyVersion]] = {}
    for version in PolicyVersion.objects.select_related("policy__unit").order_by("-effective_from"):
        found.setdefault(version.policy.unit.code, []).append(version)
    return found


policies_kept = Kept("policies-version", _versions_by_unit)


def totals_of_year(*, person_ids: Sequence[int], year: int) -> dict[tuple[int, str], Decimal]:
    """(person id, bucket) → hours of that year, merged accounts' included, for many people in one query."""
    asked: dict[str, Any] = {
        "people": list(person_ids), "first": date(year, 1, 1), "last": date(year, 12, 31),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, asked)
        return {(person_id, bucket): total for person_id, bucket, total in cursor.fetchall()}


def hours_on(*, person: Person, bucket: str, on: date) -> Decimal:
    """Hours of one bucket that happened on one day, reversals netted."""
    that_day = LedgerEntry.objects.filter(
        person__in=identity_ids(person), bucket=bucket, happened_on=on
    )
    return that_day.aggregate(total=Sum("hours"))["total"] or Decimal(0)


def yearly_totals(*, person: Person) -> dict[tuple[int, str], Decimal]:
    """(year, bucket) → hours, for every year with an entry."""
    rows = (
        LedgerEntry.objects.filter(person__in=identity_ids(person))
        .values_list("happened_on__year", "bucket")
        .annotate(total=Sum("hours"))
        .order_by()
    )
    return {(year, bucket): total for year, bucket, total in rows}


def entries_of(*, person: Person, year: int) -> QuerySet[LedgerEntry]:
    """A year's entries of a person, merged accounts' included, newest first.

    Postings and policies, few and shared, are fetched beside the entries: planning one join of ten
    tables takes PostgreSQL six times as long as running it.
    """
    return (
        LedgerEntry.objects.filter(person__in=identity_ids(person), happened_on__year=year)
        .select_related("person", "actor", "reverses")
        .prefetch_related(
            Prefetch("posting", Posting.objects.select_related("unit")),
            Prefetch("policy_version", PolicyVersion.objects.select_related("policy")),
        )
        .order_by("-posted_at", "-sequence")
    )


def known_entry(*, person: Person, source_kind: str, source_key: str) -> LedgerEntry | None:
    """The entry of that source, whichever merged account has it; one that stands before one taken back."""
    found = LedgerEntry.objects.filter(
        person__in=identity_ids(person),
        source_kind=source_kind,
        source_key=source_key,
        reverses=None,
    )
    return found.order_by(F("reversed_by").asc(nulls_first=True), "pk").first()
