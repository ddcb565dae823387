"""Readers: units, postings, and who may do what where."""

from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

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
