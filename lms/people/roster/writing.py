"""Writing what the plan says: a handful of statements, in the caller's transaction."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from lms.people.models import Person, Posting
from lms.people.services import pinyin_initials

# Two imports at once wait for each other here.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('lms.people.roster'))"
NAMES = """
SELECT p.number, r.name FROM roster_plan p JOIN roster_row r ON r.number = p.number
WHERE p.action = 'created' OR (p.action = 'updated' AND p.is_renamed)
"""
INITIALS = "CREATE TEMPORARY TABLE roster_initials (number integer NOT NULL, initials text NOT NULL) ON COMMIT DROP"
# As Django makes a password nobody can enter: "!" and forty random characters.
NOBODY_ENTERS = (
    "'!' || left(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 40)"
)
NEW_PERSONS = """
INSERT INTO people_person ({columns}) SELECT {values}
FROM roster_plan p JOIN roster_row r ON r.number = p.number JOIN roster_initials i ON i.number = p.number
WHERE p.action = 'created' ORDER BY p.number
"""
CHANGED_PERSONS = """
UPDATE people_person o SET name = r.name, pinyin_initials = coalesce(i.initials, o.pinyin_initials),
  phone = coalesce(r.phone, o.phone), email = coalesce(r.email, o.email),
  id_number = coalesce(r.id_number, o.id_number)
FROM roster_plan p JOIN roster_row r ON r.number = p.number
LEFT JOIN roster_initials i ON i.number = p.number
WHERE o.id = p.person_id AND p.action = 'updated'
  AND (p.is_renamed OR p.has_phone OR p.has_email OR p.has_id_number)
"""
TO_END = """
SELECT count(*) FROM roster_plan WHERE action = 'updated' AND posting_action = 'start'
  AND posting_id IS NOT NULL AND (old_to_date IS NULL OR old_to_date >= starts_on)
"""
ENDED = """
UPDATE people_posting t SET to_date = p.starts_on - 1 FROM roster_plan p
WHERE t.id = p.posting_id AND p.action = 'updated' AND p.posting_action = 'start'
  AND (t.to_date IS NULL OR t.to_date >= p.starts_on)
"""
PUT_RIGHT = """
UPDATE people_posting t SET unit_id = p.unit_id, post_level = coalesce(r.post_level, t.post_level),
  title = coalesce(r.title, CASE WHEN t.unit_id = p.unit_id THEN t.title ELSE '' END),
  rank = coalesce(r.rank, t.rank)
FROM roster_plan p JOIN roster_row r ON r.number = p.number
WHERE t.id = p.posting_id AND p.action = 'updated' AND p.posting_action = 'amend'
"""
FILLED_IN = """
UPDATE people_posting t SET title = CASE WHEN t.title = '' THEN coalesce(r.title, '') ELSE t.title END,
  rank = CASE WHEN t.rank = '' THEN coalesce(r.rank, '') ELSE t.rank END
FROM roster_plan p JOIN roster_row r ON r.number = p.number
WHERE t.id = p.posting_id AND p.action = 'updated' AND p.posting_action = 'fill'
"""
# A title belongs to its unit and is not taken along; a rank is the person's own.
NEW_POSTINGS = """
INSERT INTO people_posting ({columns}) SELECT {values}
FROM roster_plan p JOIN roster_row r ON r.number = p.number
JOIN people_person o ON o.staff_number = r.staff_number
WHERE (p.action = 'created' OR (p.action = 'updated' AND p.posting_action = 'start')) ORDER BY p.number
"""


class RosterOvertaken(Exception):
    """Somebody moved a person between the plan and the writing. Nothing is written; try again."""


def lock_rosters() -> None:
    """Until the transaction ends no other import plans or writes."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def write_plan(*, at: datetime) -> None:
    """Create and change persons, begin and end postings as `roster_plan` says. One transaction, the caller's."""
    with connection.cursor() as cursor:
        _write_initials(cursor)
        _insert(
            cursor, NEW_PERSONS, Person,
            password=NOBODY_ENTERS, staff_number="r.staff_number", name="r.name",
            pinyin_initials="i.initials", phone="coalesce(r.phone, '')", created_at="%(at)s",
            email="coalesce(r.email, '')", id_number="coalesce(r.id_number, '')", parameters={"at": at},
        )  # fmt: skip
        cursor.execute(CHANGED_PERSONS)
        cursor.execute(TO_END)
        to_end = cursor.fetchone()[0]
        cursor.execute(ENDED)
        if cursor.rowcount != to_end:
            raise RosterOvertaken
        cursor.execute(PUT_RIGHT)
        cursor.execute(FILLED_IN)
        _insert(
            cursor, NEW_POSTINGS, Posting,
            person_id="o.id", unit_id="p.unit_id",
            post_level="coalesce(r.post_level, p.old_post_level, 'staff')",
            title="coalesce(r.title, CASE WHEN p.old_unit_id = p.unit_id THEN p.old_title END, '')",
            rank="coalesce(r.rank, p.old_rank, '')", from_date="p.starts_on", to_date="NULL",
            parameters={},
        )  # fmt: skip


def _write_initials(cursor: Any) -> None:
    cursor.execute("DROP TABLE IF EXISTS pg_temp.roster_initials")
    cursor.execute(INITIALS)
    cursor.execute(NAMES)
    named = cursor.fetchall()
    with cursor.copy("COPY roster_initials (number, initials) FROM STDIN") as copy:
        for number, name in named:
            copy.write_row((number, pinyin_initials(name)))
    cursor.execute("ANALYZE roster_initials")


def _insert(
    cursor: Any, statement: str, model: type[Model], *, parameters: dict[str, Any], **values: str
) -> None:
    """Insert with the given expressions; every other field of the model gets its own default."""
    names, expressions = [], []
    for each in model._meta.concrete_fields:
        if each.primary_key:
            continue
        names.append(f'"{each.column}"')
        if each.column in values:
            expressions.append(values[each.column])
        else:
            parameters = parameters | {f"default_{each.column}": _default(each)}
            expressions.append(f"%(default_{each.column})s")
    filled = statement.format(columns=", ".join(names), values=", ".join(expressions))
    cursor.execute(filled, parameters)


def _default(each: "Field[Any, Any]") -> Any:
    return each.get_db_prep_save(each.get_default(), connection)
