"""Taking a role back. The last administrator of each kind stays (security 3)."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lms.common.acts import note
from lms.common.clock import local_date
from lms.common.errors import Refusal
from lms.people import rules
from lms.people.granting import GrantRefused, asked, mandates_of
from lms.people.groups import sync_groups
from lms.people.models import Person, RoleGrant, SignIn
from lms.people.refusing import refusals_noted
from lms.people.roles import ADMINISTRATORS, Role
from lms.people.selectors import unended_grants
from lms.people.sessions import end_sessions


class LastAdministrator(Refusal):
    code = "last_administrator"

    def __init__(self, role: str) -> None:
        words = _("这是最后一位%(role)s，不能没有人担任。请先让另一个人担任，再办这一件。")
        super().__init__(words % {"role": Role(role).label})


def revoke_role(*, grant: RoleGrant, by: Person, at: datetime, reason: str = "") -> RoleGrant:
    """End a grant today; its row stays. Raises GrantRefused, LastAdministrator."""
    today = local_date(at)
    detail = asked(
        role=grant.role, unit=grant.unit, from_date=grant.from_date, to_date=grant.to_date
    )
    with refusals_noted(
        action="people.role_revoked", by=by, at=at, obj=grant.person, reason=reason, detail=detail
    ):
        others = list(_lock_role(grant.role, today))
        grant = RoleGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
        fault = rules.revoke_fault(
            role=grant.role,
            path=grant.unit.path,
            mandates=mandates_of(person=by, on=today),
            is_own=grant.person_id == by.pk,
            is_over=is_over(grant, today),
        )
        if fault:
            raise GrantRefused(fault)
        _refuse_the_last(grant.role, [g for g in others if g.pk != grant.pk], grant.person_id)
        grant.revoked_on, grant.revoked_by = today, by
        grant.save(update_fields=["revoked_on", "revoked_by"])
        sync_groups(person=grant.person, on=today)
        end_sessions(person=grant.person, why=SignIn.End.ROLE_CHANGED, by=by, at=at)
        note(
            action="people.role_revoked",
            by=by,
            at=at,
            obj=grant.person,
            reason=reason,
            detail=detail,
        )
    return grant


def is_over(grant: RoleGrant, today: date) -> bool:
    return grant.revoked_on is not None or (grant.to_date is not None and grant.to_date < today)


def refuse_if_last_administrator(*, person: Person, at: datetime) -> None:
    """Raise LastAdministrator when nobody else holds one of the three roles this person holds."""
    today = local_date(at)
    for role in ADMINISTRATORS:
        held = list(_lock_role(role, today))
        if any(grant.person_id == person.pk for grant in held):
            _refuse_the_last(role, held, person.pk)


def _lock_role(role: str, today: date) -> QuerySet[RoleGrant]:
    """Grants of an administrator's role in force, locked: of two that end at once, one waits."""
    if role not in ADMINISTRATORS:
        return RoleGrant.objects.none()
    return (
        RoleGrant.objects.select_for_update(of=("self",))
        .filter(unended_grants(today), role=role, from_date__lte=today, person__is_active=True)
        .order_by("pk")
    )


def _refuse_the_last(role: str, held: list[RoleGrant], person_id: int) -> None:
    if role in ADMINISTRATORS and not any(grant.person_id != person_id for grant in held):
        raise LastAdministrator(role)
