"""Readers: units, postings, and who may do what where."""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from lms.people.models import Person, Posting, RoleGrant, Unit
from lms.people.roles import PERMISSIONS, Permission, roles_with
from lms.people.standing import standing_known


def posting_on(*, person: Person, on: date) -> Posting | None:
    """The posting `person` held on that day, else the latest one before it, else the first."""
    if known := standing_known(person, on):
        return known.posting
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
    return permission in permissions_held(person=person, on=on)


def permissions_held(*, person: Person, on: date) -> frozenset[Permission]:
    """Everything `person` may do in any unit."""
    roles = {role for role, _path in _roles_and_paths(person, on)}
    return frozenset(p for role in roles for p in PERMISSIONS.get(role, ()))


def _roles_and_paths(person: Person, on: date) -> Iterable[tuple[str, str]]:
    if known := standing_known(person, on):
        return known.grants
    return grants_on(person=person, on=on).values_list("role", "unit__path")


def units_visible_to(*, person: Person, permission: Permission, on: date) -> QuerySet[Unit]:
    """Units inside the subtrees in which `person` holds the permission."""
    roles = roles_with(permission)
    paths = [path for role, path in _roles_and_paths(person, on) if role in roles]
    if not paths:
        return Unit.objects.none()
    return Unit.objects.filter(reduce(or_, (Q(path__startswith=path) for path in paths)))


def unit_ancestor_codes(unit: Unit) -> list[str]:
    """Codes from the unit itself up to the root."""
    return list(reversed(unit.path.strip("/").split("/")))
