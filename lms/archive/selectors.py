"""Readers: whose packages, what is pending, and the entries of a package as a stream."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Sum
from django.utils import timezone

from lms.archive.models import ArchivedEntry, ArchivePackage
from lms.archive.rules import Learner
from lms.archive.writers.ledger import EntryRow
from lms.archive.writers.portfolio import Dossier
from lms.common.masking import masked_id_number
from lms.credits.models import LedgerEntry
from lms.people.models import Person, Unit
from lms.people.roles import Permission, roles_with
from lms.people.selectors import grants_on, units_visible_to

CHUNK_ENTRIES = 20_000

# Person ranges of about CHUNK_ENTRIES entries, in order. A person is never split.
CHUNKS = """
SELECT min(person_id), max(person_id), sum(entries)::int FROM (
  SELECT person_id, entries, ((sum(entries) OVER (ORDER BY person_id)) - entries)::bigint / %s AS chunk
  FROM (SELECT e.person_id, count(*) AS entries
        FROM archive_archivedentry a JOIN credits_ledgerentry e ON e.id = a.entry_id
        WHERE a.package_id = %s AND e.person_id <> ALL(%s) GROUP BY e.person_id) counted
) ranged GROUP BY chunk ORDER BY chunk
"""
# What a reversal of a reversal is about in the end; asked only for such rows.
ROOT = """
WITH RECURSIVE up AS (
  SELECT x.title, x.evidence, x.reverses_id FROM credits_ledgerentry x WHERE x.id = o.reverses_id
  UNION ALL
  SELECT x.title, x.evidence, x.reverses_id FROM credits_ledgerentry x JOIN up ON x.id = up.reverses_id
) SELECT title, evidence FROM up WHERE reverses_id IS NULL
"""
# The columns of EntryRow, as text. A reversal also brings what it reverses.
ENTRIES = f"""
COPY (SELECT e.person_id, e.sequence, encode(e.previous_hash, 'hex'), e.bucket, e.hours, e.title,
  to_char(e.happened_on, 'YYYY-MM-DD'),
  to_char(e.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  e.posting_id, v.label, e.grade, e.outcome, e.source_kind, e.source_key, e.evidence, e.arithmetic,
  e.actor_id, o.sequence, encode(e.hash, 'hex'),
  CASE WHEN o.reverses_id IS NULL THEN o.title ELSE (SELECT title FROM ({ROOT}) root) END,
  CASE WHEN o.reverses_id IS NULL THEN o.evidence ELSE (SELECT evidence FROM ({ROOT}) root) END
FROM credits_ledgerentry e
JOIN archive_archivedentry a ON a.entry_id = e.id
JOIN credits_policyversion v ON v.id = e.policy_version_id
LEFT JOIN credits_ledgerentry o ON o.id = e.reverses_id
WHERE a.package_id = %s AND e.person_id BETWEEN %s AND %s
ORDER BY e.person_id, e.sequence) TO STDOUT
"""  # noqa: S608 - made of our own text alone
# Each person with the posting of the last entry in the package.
PEOPLE = """
SELECT DISTINCT ON (p.id) p.id, p.staff_number, p.name, p.id_number, p.created_at, u.name, t.title,
  u.former_names, e.happened_on
FROM credits_ledgerentry e
JOIN archive_archivedentry a ON a.entry_id = e.id
JOIN people_person p ON p.id = e.person_id
JOIN people_posting t ON t.id = e.posting_id
JOIN people_unit u ON u.id = t.unit_id
WHERE a.package_id = %s AND e.person_id BETWEEN %s AND %s
ORDER BY p.id, e.sequence DESC
"""
# Accounts merged into others whose entries the package holds: few, found from the accounts.
MERGED = """
SELECT p.merged_into_id, p.id FROM people_person p
WHERE p.merged_into_id IS NOT NULL AND EXISTS (
  SELECT 1 FROM credits_ledgerentry e JOIN archive_archivedentry a ON a.entry_id = e.id
  WHERE e.person_id = p.id AND a.package_id = %s)
ORDER BY p.merged_into_id, p.id
"""


@dataclass(frozen=True)
class Pending:
    entries: int
    hours: Decimal
    people: int


def end_of(day: date) -> datetime:
    """The moment after the day's last, in the site's time zone."""
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
    return timezone.make_aware(midnight)


def packages_visible_to(*, person: Person, on: date) -> QuerySet[ArchivePackage]:
    """Packages of units in the subtrees `person` archives for, newest first; empty ones left out."""
    units = units_visible_to(person=person, permission=Permission.SEAL_PACKAGES, on=on)
    return (
        ArchivePackage.objects.filter(unit__in=units)
        .exclude(state=ArchivePackage.State.EMPTY)
        .select_related("unit", "created_by")
        .prefetch_related("checks")
    )


def unit_archived_by(*, person: Person, on: date) -> Unit | None:
    """The highest unit `person` archives for."""
    grants = grants_on(person=person, on=on).filter(role__in=roles_with(Permission.SEAL_PACKAGES))
    paths = grants.select_related("unit").order_by("unit__path")
    first = paths.first()
    return first.unit if first else None


def unit_of_whole_ledger() -> Unit | None:
    """The site's own unit, or the top of the tree where the ledger reaches beyond the site's."""
    site = Unit.objects.filter(code=settings.QIANGJI["SITE_UNIT_CODE"]).first()
    if site is not None:
        outside = Unit.objects.exclude(path__startswith=site.path)
        if not LedgerEntry.objects.filter(posting__unit__in=outside).exists():
            return site
    return Unit.objects.filter(parent__isnull=True).order_by("path").first()


def last_number(*, unit: Unit, year: int) -> int:
    """Number of the unit's newest package of that year; 0 before the first."""
    numbered = ArchivePackage.objects.filter(unit=unit, year=year)
    return numbered.aggregate(last=Max("number"))["last"] or 0


def pending_entries(*, unit: Unit, until: date) -> Pending:
    """What a package of the unit would hold now."""
    found = LedgerEntry.objects.filter(
        ~Exists(ArchivedEntry.objects.filter(entry=OuterRef("pk"))),
        posting__unit__path__startswith=unit.path,
        posted_at__lt=end_of(until),
    ).aggregate(entries=Count("pk"), hours=Sum("hours"), people=Count("person", distinct=True))
    return Pending(found["entries"], found["hours"] or Decimal(0), found["people"])


def merged_members(package: ArchivePackage) -> dict[int, list[int]]:
    """kept person → accounts merged into them whose entries the package holds."""
    with connection.cursor() as cursor:
        cursor.execute(MERGED, [package.pk])
        found: dict[int, list[int]] = {}
        for kept, merged in cursor.fetchall():
            found.setdefault(kept, []).append(merged)
    return found


def member_chunks(package: ArchivePackage, apart: Sequence[int] = ()) -> list[tuple[int, int, int]]:
    """(first person, last person, entries) of each stretch that is read at once.

    Persons `apart` are not counted: they are read by themselves.
    """
    with connection.cursor() as cursor:
        cursor.execute(CHUNKS, [CHUNK_ENTRIES, package.pk, list(apart)])
        return cursor.fetchall()


def member_entries(package: ArchivePackage, first: int, last: int) -> Iterator[EntryRow]:
    """Entries of a stretch by person and sequence, streamed: the server sends while we write."""
    with connection.cursor() as cursor, cursor.copy(ENTRIES, [package.pk, first, last]) as rows:
        for row in rows.rows():
            yield EntryRow.from_text(row)


def member_dossiers(package: ArchivePackage, first: int, last: int) -> dict[int, Dossier]:
    """Who the persons of a stretch are."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [package.pk, first, last])
        return {row[0]: _dossier(row) for row in cursor.fetchall()}


def identity_dossiers(
    package: ArchivePackage, kept_id: int, merged: list[int]
) -> dict[int, Dossier]:
    """One dossier, the kept person's, for all their accounts."""
    found: dict[int, Dossier] = {}
    for account in (kept_id, *merged):
        found |= member_dossiers(package, account, account)
    kept = Person.objects.get(pk=kept_id)
    learner = Learner(kept.staff_number, kept.name, masked_id_number(kept.id_number))
    accounts = {pk: dossier.learner.staff_number for pk, dossier in found.items()}
    basis = found.get(kept_id) or found[merged[-1]]
    dossier = replace(
        basis, person_id=kept_id, learner=learner, accounts=accounts,
        created_at=timezone.localtime(kept.created_at),
    )  # fmt: skip
    return dict.fromkeys(found, dossier)


def _dossier(row: tuple[Any, ...]) -> Dossier:
    person_id, staff_number, name, id_number, created_at, unit, title, former_names, on = row
    learner = Learner(staff_number, name, masked_id_number(id_number))
    known_as = Unit(name=unit, former_names=json.loads(former_names)).name_on(on)
    return Dossier(person_id, learner, known_as, title, timezone.localtime(created_at))
