"""Finding somebody else's data: inside one's units, or 404; a denial is a row of the journal."""

from datetime import datetime

from django.db.models import Model
from django.http import Http404

from lms.common.acts import note
from lms.common.clock import local_date
from lms.people.models import Person, RoleGrant
from lms.people.roles import Permission
from lms.people.selectors import grants_visible_to, persons_visible_to


def person_seen(*, staff_number: str, by: Person, permission: Permission, at: datetime) -> Person:
    """The person, if they serve where `by` holds the permission. Raises Http404."""
    visible = persons_visible_to(person=by, permission=permission, on=local_date(at))
    found = visible.filter(staff_number=staff_number).first()
    if found is None:
        hidden = Person.objects.filter(staff_number=staff_number).first()
        raise _denied(hidden, by=by, at=at)
    return found


def grant_seen(*, grant_id: int, by: Person, at: datetime) -> RoleGrant:
    """The grant, if it is in a unit where `by` may grant roles. Raises Http404."""
    found = grants_visible_to(person=by, on=local_date(at)).filter(pk=grant_id).first()
    if found is None:
        raise _denied(RoleGrant.objects.filter(pk=grant_id).first(), by=by, at=at)
    return found


def _denied(hidden: Model | None, *, by: Person, at: datetime) -> Http404:
    """What is not there at all leaves no row."""
    if hidden is not None:
        note(
            action="access.object_refused", by=by, at=at, obj=hidden, outcome="refused",
            code="not_visible",
        )  # fmt: skip
    return Http404()
