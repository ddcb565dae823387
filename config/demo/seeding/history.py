"""The lives of the seeded people, lived through the services."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from config.demo.seeding.acts import Act
from config.demo.seeding.lives import Shelf, learner_life, life_of
from courses.learning.models import Enrolment
from lms.credits.models import LedgerEntry
from lms.people.models import Person


def seed_history(
    *, learner: Person, cadres: Sequence[Person], by: Person, shelf: Shelf, at: datetime
) -> int:
    """Give everybody without one a past. Returns how many people got one."""
    known = set(LedgerEntry.objects.values_list("person_id", flat=True).distinct())
    known |= set(Enrolment.objects.values_list("person_id", flat=True).distinct())
    lived = 0
    if learner.pk not in known:
        live(learner, learner_life(shelf=shelf, at=at), by=by)
        lived += 1
    for person in cadres:
        if person.pk not in known:
            random = Random(f"life of {person.staff_number}")
            live(person, life_of(random=random, shelf=shelf, at=at), by=by)
            lived += 1
    return lived


def live(person: Person, acts: Sequence[Act], *, by: Person) -> None:
    for act in acts:
        act.perform(person, by)
