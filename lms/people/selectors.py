"""Readers: units, postings, and who may do what where."""

from datetime import date
from functools import reduce
from operator import or_

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lms.people.models import Person, Posting, RoleGrant, Unit
from lms.people.roles import Permission, roles_with


def posting_on(*, person: Person, on: date) -> Posting | None:
    """The posting `person` held on that day, else the latest one before it, else the first."""
    postings = Posting.objects.filter(person=person).select_related("unit")
    return (
        postings.filter(from_date__lte=on).order_by("-from_date").first()
        or postings.order_by("from_date").first()
    )


def grants_on(*, person: Person, on: date) -> QuerySet[RoleGrant]:
    """Role grants of `person` in force on that day."""
    return RoleGrant.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gte=on), person=person, from_date__lte=on
    )


def has_permission(*, person: Person, permission: Permission, on: date) -> bool:
    """Whether `person` holds the permission in any unit."""
    if not person.is_authenticated or not person.is_active:
        return False
    return grants_on(person=person, on=on).filter(role__in=roles_with(permission)).exists()


def units_visible_to(*, person: Person, permission: Permission, on: date) -> QuerySet[Unit]:
    """Units inside the subtrees in which `person` holds the permission."""
    paths = list(
        grants_on(person=person, on=on)
        .filter(role__in=roles_with(permission))
        .values_list("unit__path", flat=True)
    )
    if not paths:
        return Unit.objects.none()
    return Unit.objects.filter(reduce(or_, (Q(path__startswith=path) for path in paths)))


def unit_ancestor_codes(unit: Unit) -> list[str]:
    """Codes from the unit itself up to the root."""
    return list(reversed(unit.path.strip("/").split("/")))


def persons_visible_to(*, person: Person, permission: Permission, on: date) -> QuerySet[Person]:
    """Persons whose posting on that day, as `posting_on` has it, lies in the visible units.

    Merged accounts are left out: their person is the one they were merged into.
    """
    units = units_visible_to(person=person, permission=permission, on=on)
    theirs = Posting.objects.filter(person=OuterRef("pk"))
    latest = theirs.filter(from_date__lte=on).order_by("-from_date").values("unit")[:1]
    first = theirs.order_by("from_date").values("unit")[:1]
    return (
        Person.objects.filter(merged_into__isnull=True)
        .annotate(unit_now=Coalesce(Subquery(latest), Subquery(first)))
        .filter(unit_now__in=units)
    )


def identity_ids(person: Person) -> QuerySet[Person, int]:
    """Ids of the person and of every account merged into them: whose rows of record are theirs.

    Used as `person__in=identity_ids(person)`: a subquery by two indexes, not a query of its own.
    """
    return Person.objects.filter(Q(pk=person.pk) | Q(merged_into=person.pk)).values_list(
        "pk", flat=True
    )


def person_by_staff_number(staff_number: str) -> Person | None:
    """Whose number it is; a merged account's number finds the person it was merged into."""
    person = Person.objects.filter(staff_number=staff_number).select_related("merged_into").first()
    return person.merged_into or person if person is not None else None
