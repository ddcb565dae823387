"""Readers: units, postings, and who may do what where."""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lms.people.models import Person, Posting, RoleGrant, Unit
from lms.people.roles import (
    PERMISSIONS,
    ROLES_NEEDING_SECOND_FACTOR,
    Permission,
    roles_with,
)
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


def in_force(on: date) -> Q:
    """Of role grants: those that count on that day."""
    return (
        Q(from_date__lte=on)
        & (Q(to_date__isnull=True) | Q(to_date__gte=on))
        & (Q(revoked_on__isnull=True) | Q(revoked_on__gt=on))
    )


def unended_grants(today: date) -> Q:
    """Of role grants: those in force today and those yet to begin."""
    return Q(revoked_on__isnull=True) & (Q(to_date__isnull=True) | Q(to_date__gte=today))


def grants_on(*, person: Person, on: date) -> QuerySet[RoleGrant]:
    """Role grants of `person` in force on that day."""
    return RoleGrant.objects.filter(in_force(on), person=person)


def grants_by_place(
    *, person: Person, unit: Unit, on: date
) -> tuple[list[RoleGrant], list[RoleGrant]]:
    """Grants not yet over: those that cover `unit` or lie inside it, and those elsewhere."""
    grants = RoleGrant.objects.filter(unended_grants(on), person=person).select_related("unit")
    here: list[RoleGrant] = []
    elsewhere: list[RoleGrant] = []
    for grant in grants.order_by("unit__path", "role", "pk"):
        path = grant.unit.path
        is_here = unit.path.startswith(path) or path.startswith(unit.path)
        (here if is_here else elsewhere).append(grant)
    return here, elsewhere


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


def persons_visible_to(*, person: Person, permission: Permission, on: date) -> QuerySet[Person]:
    """Persons serving in the units in which `person` holds the permission.

    Where somebody serves is what `posting_on` says. Whoever never had a posting is visible only to
    those whose scope reaches the top of the unit tree. Merged accounts are left out: their person is
    the one they were merged into.
    """
    units = units_visible_to(person=person, permission=permission, on=on)
    postings = Posting.objects.filter(person=OuterRef("pk"))
    latest = postings.filter(from_date__lte=on).order_by("-from_date").values("unit")[:1]
    first = postings.order_by("from_date").values("unit")[:1]
    found = Person.objects.filter(merged_into__isnull=True).annotate(
        serving_in=Coalesce(Subquery(latest), Subquery(first))
    )
    inside = Q(serving_in__in=units)
    if units.filter(parent__isnull=True).exists():
        inside |= Q(serving_in__isnull=True)
    return found.filter(inside)


def holds_staff_roles_beyond(*, person: Person, units: QuerySet[Unit], on: date) -> bool:
    """Whether `person` holds, or will, a role that asks for a second factor outside these units."""
    held = RoleGrant.objects.filter(
        unended_grants(on), person=person, role__in=ROLES_NEEDING_SECOND_FACTOR
    )
    return held.exclude(unit__in=units).exists()


def grants_visible_to(*, person: Person, on: date) -> QuerySet[RoleGrant]:
    """Grants in the units where `person` may grant roles, those that ended included."""
    units = units_visible_to(person=person, permission=Permission.GRANT_ROLES, on=on)
    return RoleGrant.objects.filter(unit__in=units).select_related("person", "unit", "granted_by")


def unit_ancestor_codes(unit: Unit) -> list[str]:
    """Codes from the unit itself up to the root."""
    return list(reversed(unit.path.strip("/").split("/")))


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
