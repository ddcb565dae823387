"""Finding somebody else's data: inside one's units, or 404; a denial is a row of the journal."""

from datetime import datetime

from django.db.models import Q

from lms.common.clock import local_date
from lms.people.access import visible_or_404
from lms.people.models import Person, RoleGrant
from lms.people.roles import Permission
from lms.people.selectors import grants_visible_to, persons_visible_to


def person_seen(*, staff_number: str, by: Person, permission: Permission, at: datetime) -> Person:
    """The person, if they serve where `by` holds the permission. Raises Http404."""
    visible = persons_visible_to(person=by, permission=permission, on=local_date(at))
    return visible_or_404(visible, Person.objects.all(), by=by, staff_number=staff_number)


def account_seen(*, staff_number: str, by: Person, permission: Permission, at: datetime) -> Person:
    """As `person_seen`; an account that was merged is seen by those who see the person it became."""
    visible = persons_visible_to(person=by, permission=permission, on=local_date(at)).values("pk")
    accounts = Person.objects.filter(Q(pk__in=visible) | Q(merged_into__in=visible))
    return visible_or_404(accounts, Person.objects.all(), by=by, staff_number=staff_number)


def grant_seen(*, grant_id: int, by: Person, at: datetime) -> RoleGrant:
    """The grant, if it is in a unit where `by` may grant roles. Raises Http404."""
    visible = grants_visible_to(person=by, on=local_date(at))
    return visible_or_404(visible, RoleGrant.objects.all(), by=by, pk=grant_id)
