"""Whose data an object is, and which unit answers for it: read from the object, without knowing its app."""

from datetime import datetime

from django.db.models import Model

from lms.common.clock import local_date
from lms.people.models import Person, Posting, Unit
from lms.people.selectors import posting_on

# The unit an object belongs to, by the names our models give it.
UNIT_KEYS = ("unit_id", "owner_unit_id")


def subject_of(obj: Model | None) -> int | None:
    """The person an object is about: itself, or the one its `person` names."""
    if isinstance(obj, Person):
        return obj.pk
    return getattr(obj, "person_id", None)


def unit_of(obj: Model | None, *, subject_id: int | None, at: datetime) -> int | None:
    """The unit an object lies in: itself, its own, that of its posting, or where its person serves."""
    if isinstance(obj, Unit):
        return obj.pk
    for name in UNIT_KEYS:
        if (unit_id := getattr(obj, name, None)) is not None:
            return int(unit_id)
    posting = getattr(obj, "posting", None)
    if posting is None and subject_id is not None:
        posting = posting_on(person=Person(pk=subject_id), on=local_date(at))
    return posting.unit_id if isinstance(posting, Posting) else None
