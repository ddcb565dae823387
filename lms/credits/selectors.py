"""Readers of policies and the ledger."""

from datetime import date
from decimal import Decimal

from django.db.models import F, QuerySet, Sum

from lms.credits.models import LedgerEntry, PolicyVersion
from lms.people.models import Person, Unit
from lms.people.selectors import identity_ids, unit_ancestor_codes


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
    """A year's entries of a person, merged accounts' included, newest first."""
    return (
        LedgerEntry.objects.filter(person__in=identity_ids(person), happened_on__year=year)
        .select_related("person", "policy_version__policy", "posting__unit", "actor", "reverses")
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
