"""Which persons somebody may see: those who serve in the units their permission reaches."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from lms.people.models import Person, Posting
from lms.people.roles import Permission
from lms.people.selectors import units_visible_to


def persons_visible_to(*, person: Person, permission: Permission, on: date) -> QuerySet[Person]:
    """Persons whose latest posting begun by that day lies in those units."""
    units = units_visible_to(person=person, permission=permission, on=on)
    begun = Posting.objects.filter(from_date__lte=on)
    later = begun.filter(person=OuterRef("person"), from_date__gt=OuterRef("from_date"))
    latest = begun.filter(~Exists(later), person=OuterRef("pk"), unit__in=units)
    return Person.objects.filter(Exists(latest))
