"""Where many people serve, thousands at a time: for lists that are too long for model instances."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from lms.people.models import Unit

# As `posting_on` says it: the latest begun by that day, else the first to begin.
STATEMENT = """
SELECT DISTINCT ON (person_id) person_id, unit_id, post_level, title, rank FROM people_posting
WHERE person_id = ANY(%(people)s)
ORDER BY person_id, from_date <= %(on)s DESC, abs(from_date - %(on)s)
"""


class Place(NamedTuple):
    """What a list needs of a posting."""

    unit_id: int
    unit: Unit
    post_level: str
    title: str
    rank: str


def places_of(person_ids: Sequence[int], *, on: date) -> dict[int, Place | None]:
    """By person id; None for whoever never had a posting. Two queries, however many people."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"people": list(person_ids), "on": on})
        rows = cursor.fetchall()
    units = Unit.objects.in_bulk({unit_id for _person_id, unit_id, *_facts in rows})
    found: dict[int, Place | None] = dict.fromkeys(person_ids)
    for person_id, unit_id, *facts in rows:
        found[person_id] = Place(unit_id, units[unit_id], *facts)
    return found
