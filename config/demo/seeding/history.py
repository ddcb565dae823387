"""The lives of the seeded people, lived through the services."""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from uuid import UUID

from django.db import transaction

from config.demo.seeding.acts import Act, Clerk, Subject
from config.demo.seeding.lives import Shelf, learner_life, life_of
from courses.learning.models import Enrolment
from lms.credits.models import LedgerEntry
from lms.people.models import Person, Posting


def seed_history(
    *,
    learner: Person,
    unseen: UUID,
    cadres: Sequence[Person],
    by: Person,
    shelf: Shelf,
    at: datetime,
) -> int:
    """Give everybody without one a past; the learner's leaves the unit `unseen` alone.

    Returns how many people got one.
    """
    known = set(LedgerEntry.objects.values_list("person_id", flat=True).distinct())
    known |= set(Enrolment.objects.values_list("person_id", flat=True).distinct())
    lived, clerk = 0, Clerk(by)
    if learner.pk not in known:
        rest = Shelf(
            [lesson for lesson in shelf.lessons if lesson.unit.key != unseen], shelf.readings
        )
        live(learner, learner_life(shelf=rest, at=at), clerk=clerk)
        lived += 1
    for person in cadres:
        if person.pk not in known:
            random = Random(f"life of {person.staff_number}")
            live(person, life_of(random=random, shelf=shelf, at=at), clerk=clerk)
            lived += 1
    return lived


def live(person: Person, acts: Sequence[Act], *, clerk: Clerk) -> None:
    """All of a life or nothing of it, and one commit."""
    postings = Posting.objects.filter(person=person).select_related("unit").order_by("-from_date")
    subject = Subject(person, list(postings))
    with transaction.atomic():
        for act in acts:
            act.perform(subject, clerk)
