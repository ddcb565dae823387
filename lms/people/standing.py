"""Who is asking: the person, where they serve and what they were granted, in one statement.

Every page of a signed-in person needs all three, and a statement costs more to send than to run.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

from lms.people.models import Person, Posting, Unit


@dataclass(frozen=True)
class Standing:
    """What holds for a person on one day: `grants` are (role, path of the unit)."""

    on: date
    posting: Posting | None
    grants: tuple[tuple[str, str], ...]


STATEMENT = """
SELECT {person}, {posting}, {unit}, (
  SELECT array_agg(ARRAY[g.role, granted.path])
  FROM people_rolegrant g JOIN people_unit granted ON granted.id = g.unit_id
  WHERE g.person_id = p.id AND g.from_date <= %(on)s AND (g.to_date IS NULL OR g.to_date >= %(on)s)
    AND (g.revoked_on IS NULL OR g.revoked_on > %(on)s)
)
FROM people_person p
LEFT JOIN LATERAL (
  SELECT * FROM people_posting WHERE person_id = p.id
  ORDER BY from_date <= %(on)s DESC, abs(from_date - %(on)s)
  LIMIT 1
) o ON true
LEFT JOIN people_unit u ON u.id = o.unit_id
WHERE p.id = %(id)s
"""


def person_with_standing(*, person_id: int, on: date) -> Person | None:
    """The person, `standing` filled in as of that day; None for nobody."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {"id": person_id, "on": on})
        row = cursor.fetchone()
    if row is None:
        return None
    person, row = _made(Person, row)
    posting, row = _made(Posting, row)
    unit, (grants,) = _made(Unit, row)
    if posting is not None:
        posting.person, posting.unit = person, unit
    person.standing = Standing(on, posting, tuple((role, path) for role, path in grants or ()))
    return person


def standing_known(person: Person, on: date) -> Standing | None:
    """What was read with the person, if it was and is of that day."""
    known: Standing | None = getattr(person, "standing", None)
    return known if known is not None and known.on == on else None


@cache
def _statement() -> str:
    return STATEMENT.format(
        person=_columns(Person, "p"), posting=_columns(Posting, "o"), unit=_columns(Unit, "u")
    )


def _columns(model: type[Model], table: str) -> str:
    return ", ".join(f'{table}."{field.column}"' for field in model._meta.concrete_fields)


def _made(model: type[Any], row: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    """The row's first columns as an instance, None where the join found nothing; and the rest."""
    fields = model._meta.concrete_fields
    values, rest = row[: len(fields)], row[len(fields) :]
    if values[0] is None:
        return None, rest
    read = [_python_value(field, value) for field, value in zip(fields, values, strict=True)]
    return model.from_db("default", [field.attname for field in fields], read), rest


def _python_value(field: Any, value: Any) -> Any:
    """As the ORM gives it: JSON comes as text, for one."""
    convert = getattr(field, "from_db_value", None)
    return value if convert is None else convert(value, None, connection)
