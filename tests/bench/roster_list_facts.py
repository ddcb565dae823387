"""Prints the addresses to measure, an administrator's cookie, and what each page costs in queries.

Run on an imported roster: `DATABASE_URL=… python -m tests.bench.roster_list_facts`. Gives every person
without hours four entries of this year, so that the list has figures to add up.
"""

import json
import os
import re
from datetime import date, datetime
from time import perf_counter
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

import django

django.setup()

from django.conf import settings  # noqa: E402 - models need the set-up above
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils.http import urlencode  # noqa: E402

from config.demo.seeding.policies import RULES  # noqa: E402
from lms.common.clock import database_now, local_date  # noqa: E402
from lms.credits.models import LedgerEntry  # noqa: E402
from lms.credits.services import add_policy_version  # noqa: E402
from lms.people.directory import Wanted, people_found  # noqa: E402
from lms.people.models import Person, Unit  # noqa: E402
from lms.people.roles import Role  # noqa: E402
from lms.people.services import add_person, grant_role, start_posting  # noqa: E402
from lms.people.writers.people_list import people_sheet  # noqa: E402

ADMIN = "list-reader"
INDEX = re.compile(r'"Index Name": "(\w+)"')
ENTRIES = """
INSERT INTO credits_ledgerentry (person_id, sequence, posting_id, bucket, hours, title, happened_on,
  posted_at, policy_version_id, grade, outcome, source_kind, source_key, evidence, arithmetic,
  previous_hash, hash)
SELECT o.person_id, n, o.id, CASE WHEN n < 4 THEN 'online' ELSE 'in_person' END, 0.5 * n, '讲座',
  date_trunc('year', %(at)s)::date + n, %(at)s, %(version)s, 'timed', 'earned', 'bench', n, '{}', '[]',
  sha256('0'), sha256('0')
FROM people_posting o CROSS JOIN generate_series(1, 4) n
WHERE NOT EXISTS (SELECT FROM credits_ledgerentry e WHERE e.person_id = o.person_id)
"""


def facts() -> dict[str, Any]:
    settings.ALLOWED_HOSTS = ["*"]
    at = database_now()
    admin = _administrator(local_date(at))
    _give_hours(at)
    client = Client()
    client.force_login(admin)
    answer: dict[str, Any] = {
        "pages": {name: _page(client, admin, asked) for name, asked in _asked().items()},
        "cookie": f"sessionid={client.cookies['sessionid'].value}",
        "persons": Person.objects.count(),
        "entries": LedgerEntry.objects.count(),
    }
    return answer | _export(admin, at)


def _export(admin: Person, at: datetime) -> dict[str, Any]:
    """The whole list as a spreadsheet, as its view makes it."""
    began = perf_counter()
    found = people_found(by=admin, on=local_date(at), wanted=Wanted())
    pieces = people_sheet(found, at=at)
    size = len(next(pieces))
    first = perf_counter() - began
    size += sum(map(len, pieces))
    return {
        "export_seconds": round(perf_counter() - began, 2),
        "export_first_piece_seconds": round(first, 2),
        "export_kb": round(size / 1024),
    }


def _administrator(today: date) -> Person:
    """A unit administrator of the whole tree."""
    known = Person.objects.filter(staff_number=ADMIN).first()
    if known is not None:
        return known
    admin = add_person(staff_number=ADMIN, name="名单读者")
    top = Unit.objects.get(path=Unit.objects.order_by("path").first().path)
    start_posting(person=admin, unit=top, title="", post_level="staff", from_date=today)
    grant_role(
        person=admin, role=Role.UNIT_ADMIN, unit=top, from_date=today, by=None, at=database_now()
    )
    return admin


def _give_hours(at: datetime) -> None:
    version = add_policy_version(
        unit=Unit.objects.order_by("path").first(), name="学时规则", label="名单", title="学时规则",
        document_number="", effective_from=date(2026, 1, 1), rules=RULES, by=None, at=at,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, {"at": at, "version": version.pk})
        cursor.execute("VACUUM (ANALYZE)")


def _asked() -> dict[str, dict[str, str]]:
    """What each page asks for: of somebody in the middle of the list."""
    middle = Person.objects.exclude(staff_number=ADMIN).order_by("staff_number")[1000]
    county = middle.postings.select_related("unit__parent").get().unit.parent
    return {
        "whole": {},
        "name": {"q": middle.name[-2:]},
        "initials": {"q": middle.pinyin_initials},
        "number": {"q": middle.staff_number[:6]},
        "unit_level": {"unit": county.code, "level": "township_level"},
    }


def _page(client: Client, admin: Person, asked: dict[str, str]) -> dict[str, Any]:
    path = f"{reverse('people:list')}?{urlencode(asked)}"
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    wanted = Wanted(
        words=asked.get("q", ""), level=asked.get("level", ""),
        unit=Unit.objects.filter(code=asked.get("unit", "")).first(),
    )  # fmt: skip
    found = people_found(by=admin, on=local_date(database_now()), wanted=wanted)
    plan = found[:25].explain(format="json")
    return {
        "path": path,
        "plain": f"/plain-people/?{urlencode(asked)}",
        "queries": len(queries),
        "found": found.count(),
        "indexes": sorted(set(INDEX.findall(plan))),
    }


if __name__ == "__main__":
    print(json.dumps(facts()))
