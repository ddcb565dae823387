"""Who may be in the register twice."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from lms.people.models import Person

SHOWN = 12


@dataclass(frozen=True)
class Pair:
    """Two accounts with one ID number, or one name and phone. The older one is offered as kept."""

    kept: Person
    merged: Person
    by: str  # id_number | phone


def likely_duplicates(persons: QuerySet[Person]) -> list[Pair]:
    return [*_pairs(persons, "id_number"), *_pairs(persons, "phone", "name")][:SHOWN]


def _pairs(persons: QuerySet[Person], field: str, *others: str) -> list[Pair]:
    """Only accounts with the field filled in can be the same by it."""
    filled = persons.exclude(**{field: ""})
    twice = (
        filled.values(field, *others)
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .order_by(field)[:SHOWN]
    )
    found = []
    for group in list(twice):
        same = {name: group[name] for name in (field, *others)}
        first, second = filled.filter(**same).order_by("created_at", "pk")[:2]
        if field == "id_number" or not first.id_number or not second.id_number:
            found.append(Pair(first, second, field))
    return found
