"""Reads of other people's data, each a row of the journal; a denied one too, and it answers 404."""

from datetime import datetime
from typing import Any

from django.http import Http404

from lms.common.acts import note
from lms.common.clock import local_date
from lms.people.models import Person, RoleGrant
from lms.people.roles import Permission
from lms.people.selectors import grants_visible_to, persons_visible_to


def person_seen(
    *, staff_number: str, by: Person, permission: Permission, at: datetime, action: str
) -> Person:
    """The person, if they serve where `by` holds the permission. Raises Http404, noted when it was a denial."""
    visible = persons_visible_to(person=by, permission=permission, on=local_date(at))
    found = visible.filter(staff_number=staff_number).first()
    if found is None:
        _deny(Person.objects.filter(staff_number=staff_number).first(), by=by, at=at, action=action)
    assert found is not None
    return found


def grant_seen(*, grant_id: int, by: Person, at: datetime, action: str) -> RoleGrant:
    """The grant, if it is in a unit where `by` may grant roles. Raises Http404."""
    found = grants_visible_to(person=by, on=local_date(at)).filter(pk=grant_id).first()
    if found is None:
        _deny(RoleGrant.objects.filter(pk=grant_id).first(), by=by, at=at, action=action)
    assert found is not None
    return found


def _deny(existing: Any, *, by: Person, at: datetime, action: str) -> None:
    if existing is not None:
        note(action=action, by=by, at=at, obj=existing, outcome="refused", code="out_of_scope")
    raise Http404
