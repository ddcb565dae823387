"""Readers of policies and the ledger."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from lms.credits.models import LedgerEntry, PolicyVersion
from lms.people.models import Person, Unit
from lms.people.selectors import unit_ancestor_codes


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


def policies_for(*, units: Iterable[Unit], on: date) -> dict[int, PolicyVersion | None]:
    """`policy_for` of many units in one query, by unit id."""
    ancestors = {unit.pk: unit_ancestor_codes(unit) for unit in units}
    codes = {code for above in ancestors.values() for code in above}
    newest: dict[str, PolicyVersion] = {}
    versions = PolicyVersion.objects.filter(policy__unit__code__in=codes, effective_from__lte=on)
    for version in versions.select_related("policy__unit").order_by("effective_from"):
        newest[version.policy.unit.code] = version
    return {
        pk: next((newest[code] for code in above if code in newest), None)
        for pk, above in ancestors.items()
    }


def totals_of_year(*, person_ids: Sequence[int], year: int) -> dict[tuple[int, str], Decimal]:
    """(person id, bucket) → hours of that year, for many people in one query."""
    rows = (
        LedgerEntry.objects.filter(
            person__in=person_ids, happened_on__range=(date(year, 1, 1), date(year, 12, 31))
        )
        .values_list("person_id", "bucket")
        .annotate(total=Sum("hours"))
        .order_by()
    )
    return {(person_id, bucket): total for person_id, bucket, total in rows}


def hours_on(*, person: Person, bucket: str, on: date) -> Decimal:
    """Hours of one bucket that happened on one day, reversals netted."""
    total = LedgerEntry.objects.filter(person=person, bucket=bucket, happened_on=on).aggregate(
        total=Sum("hours")
    )["total"]
    return total or Decimal(0)


def yearly_totals(*, person: Person) -> dict[tuple[int, str], Decimal]:
    """(year, bucket) → hours, for every year with an entry."""
    rows = (
        LedgerEntry.objects.filter(person=person)
        .values_list("happened_on__year", "bucket")
        .annotate(total=Sum("hours"))
        .order_by()
    )
    return {(year, bucket): total for year, bucket, total in rows}


def entries_of(*, person: Person, year: int) -> QuerySet[LedgerEntry]:
    """A year's entries of a person, newest first."""
    return (
        LedgerEntry.objects.filter(person=person, happened_on__year=year)
        .select_related("policy_version__policy", "posting__unit", "actor", "reverses")
        .order_by("-sequence")
    )
