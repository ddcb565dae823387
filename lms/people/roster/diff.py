"""What the staged rows would change: one statement, many joins, nothing written."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from lms.people.models import Person
from lms.people.roles import PERMISSIONS, Permission
from lms.people.roster.comparison import plan_statement
from lms.people.roster.errors import FOREIGN
from lms.people.roster.rules import Problem
from lms.people.roster.staging import rejection
from lms.people.selectors import units_visible_to

SAMPLES = 30
FETCH_ROWS = 2_000

COUNTS = """
SELECT count(*) AS rows,
  count(*) FILTER (WHERE action = 'created') AS created,
  count(*) FILTER (WHERE action = 'updated') AS updated,
  count(*) FILTER (WHERE action = 'unchanged') AS unchanged,
  count(*) FILTER (WHERE action = 'rejected') AS rejected,
  count(*) FILTER (WHERE codes && %(foreign)s::text[]) AS "foreign",
  count(*) FILTER (WHERE action = 'updated' AND unit_id <> old_unit_id) AS transferred,
  count(*) FILTER (WHERE action = 'updated' AND is_renamed) AS renamed,
  count(*) FILTER (WHERE action = 'updated' AND (has_phone OR has_email OR has_id_number)) AS contacts
FROM roster_plan
"""
DIGEST = """
SELECT md5(coalesce(string_agg(concat_ws('|', number, action, posting_action, person_id, unit_id,
  posting_id, is_renamed, has_phone, has_email, has_id_number, codes), E'\\n' ORDER BY number), ''))
FROM roster_plan
"""
SAMPLE = """
SELECT p.number, r.name, r.staff_number, p.action, p.old_name, old.name, u.name, p.old_post_level,
  r.post_level, p.old_title, r.title, p.is_renamed, p.has_phone, p.has_email, p.has_id_number,
  p.starts_on, p.posting_action, p.old_unit_id <> p.unit_id
FROM roster_plan p JOIN roster_row r ON r.number = p.number
JOIN people_unit u ON u.id = p.unit_id LEFT JOIN people_unit old ON old.id = p.old_unit_id
WHERE p.action IN ('created', 'updated')
ORDER BY p.action DESC, coalesce(p.is_renamed, false) DESC, coalesce(p.old_unit_id <> p.unit_id, false) DESC, p.number
LIMIT %(limit)s
"""
REJECTED = """
SELECT p.number, r.problems, p.codes, p.other, r.staff_number, r.unit_code, r.from_date, r.cells
FROM roster_plan p JOIN roster_row r ON r.number = p.number
WHERE p.action = 'rejected' ORDER BY p.number
"""
COLUMN_OF = {
    "unit_elsewhere": "unit_code", "unit_unknown": "unit_code", "unit_closed": "unit_code",
    "from_date_too_early": "from_date",
    "contact_protected": "phone", "id_number_taken": "id_number", "phone_taken": "phone",
    "email_taken": "email", "duplicate_id_number": "id_number", "duplicate_phone": "phone",
    "duplicate_email": "email",
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What would change. `counts`: see COUNTS. `samples`: rows to look at, with old and new."""

    counts: dict[str, int]
    digest: str
    samples: list[dict[str, Any]] = field(default_factory=list)


def make_plan(*, by: Person | None, on: date) -> Plan:
    """Compare the staged rows with what is known. `by=None`: the system itself, every unit."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.roster_plan")
        cursor.execute(plan_statement(), _scope(by, on))
        cursor.execute("ANALYZE roster_plan")
        cursor.execute(COUNTS, {"foreign": list(FOREIGN)})
        names = [column.name for column in cursor.description]
        counts = dict(zip(names, cursor.fetchone(), strict=True))
        cursor.execute(DIGEST)
        digest = cursor.fetchone()[0]
        cursor.execute(SAMPLE, {"limit": SAMPLES})
        samples = [_sample(row) for row in cursor.fetchall()]
    return Plan(counts, digest, samples)


def rejections() -> Iterator[tuple[dict[str, object], list[str]]]:
    """Every problem of the plan with the row's cells, in the order of the file."""
    with connection.chunked_cursor() as cursor:  # a file of nothing but errors stays on the server
        cursor.execute(REJECTED)
        while rows := cursor.fetchmany(FETCH_ROWS):
            for number, problems, codes, other, staff_number, unit_code, from_date, cells in rows:
                cells = json.loads(cells)  # Django's connections give JSON as text
                values = {"unit_code": unit_code, "from_date": str(from_date or "")}
                for problem in json.loads(problems or "[]"):
                    yield rejection(number, Problem(*problem)), cells
                for code in codes:
                    name, _, first = code.partition(":")
                    column = COLUMN_OF.get(name, "staff_number")
                    problem = Problem(column, name, values.get(column, staff_number or ""))
                    yield rejection(number, problem, other=first or other or ""), cells


def _scope(by: Person | None, on: date) -> dict[str, Any]:
    units = None
    if by is not None:
        visible = units_visible_to(person=by, permission=Permission.IMPORT_ROSTER, on=on)
        units = list(visible.values_list("pk", flat=True))
    return {
        "units": units,
        "by": by.pk if by else 0,
        "today": on,
        "protected_roles": list(PERMISSIONS),
    }


def _sample(row: tuple[Any, ...]) -> dict[str, Any]:
    (number, name, staff_number, action, old_name, old_unit, unit, old_level, level, old_title, title,
     is_renamed, has_phone, has_email, has_id_number, starts_on, posting_action, is_transferred) = row  # fmt: skip
    changes: list[list[str]] = []
    if action == "updated":
        if is_renamed:
            changes.append(["name", old_name, name])
        if is_transferred:
            changes.append(["unit_code", old_unit, unit])
        if level and level != old_level:
            changes.append(["post_level", old_level or "", level])
        if title and title != old_title:
            changes.append(["title", old_title or "", title])
        contacts = {"phone": has_phone, "email": has_email, "id_number": has_id_number}
        changes += [[column, "", ""] for column, is_changed in contacts.items() if is_changed]
    return {
        "row": number, "name": name, "staff_number": staff_number, "action": action, "unit": unit,
        "changes": changes,
        "starts_on": starts_on.isoformat() if posting_action == "start" else "",
    }  # fmt: skip
