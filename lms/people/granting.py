"""Giving a role: what it refuses, and the journal's row of each refusal."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.common.acts import note
from lms.common.clock import local_date
from lms.common.errors import Refusal
from lms.people import rules
from lms.people.activation import revoke_codes
from lms.people.groups import sync_groups
from lms.people.models import Person, RoleGrant, SignIn, Unit
from lms.people.refusing import refusals_noted
from lms.people.roles import ADMINISTRATORS, GRANTABLE, ROLES_NEEDING_SECOND_FACTOR, Role
from lms.people.selectors import grants_on, posting_on, unended_grants
from lms.people.sessions import end_sessions

EXCLUSION = "administrators_exclude_each_other"
SENTENCES = {
    "own_role": gettext_lazy("自己的角色不能自己授予、自己收回。请另一位管理员来办。"),
    "grant_begins_in_the_past": gettext_lazy("开始日期已经过去。授权从今天或以后算起，请改日期。"),
    "grant_ends_before_it_begins": gettext_lazy("结束日期早于开始日期。请改其中一个。"),
    "role_not_grantable": gettext_lazy("这个角色不归你授予。请找能授这个角色的管理员。"),
    "unit_out_of_scope": gettext_lazy("这个单位不在你的管理范围里。请选范围以内的单位。"),
    "person_out_of_scope": gettext_lazy(
        "这个人现在不在你管理的单位任职。请找他单位的管理员，或者先办调动。"
    ),
    "grant_outlives_yours": gettext_lazy(
        "你自己的授权先到期，授出去的不能比它更长。请把结束日期提前。"
    ),
    "grant_is_over": gettext_lazy("这项授权已经结束，不用再收回。"),
    "role_already_held": gettext_lazy("这段时间他在这个单位已经有这个角色，不用再授。"),
}


class GrantRefused(Refusal):
    """One of SENTENCES, by its code."""

    def __init__(self, code: str) -> None:
        super().__init__(str(SENTENCES[code]), code=code)


class AdministratorsExclude(Refusal):
    """三员分立: the three administrators are three persons (domain §6)."""

    code = "administrators_exclude_each_other"

    def __init__(self, held: str = "") -> None:
        sentence = _("系统、安全、审计三种管理员要由不同的人担任，同一时间一人只能担任一种。")
        if held:
            more = _("他在这段时间已经是%(role)s，先收回那一个，或者另找一个人。")
            sentence += more % {"role": Role(held).label}
        super().__init__(sentence)


def grant_role(
    *,
    person: Person,
    role: str,
    unit: Unit,
    from_date: date,
    by: Person | None,
    at: datetime,
    to_date: date | None = None,
    reason: str = "",
) -> RoleGrant:
    """Give `role` in the subtree of `unit` from a day to a day, both included.

    `by=None` is the system itself: it seeds, unasked and once; whatever is already given stays.
    Raises GrantRefused, AdministratorsExclude.
    """
    if by is None:
        return _seed(
            person=person, role=role, unit=unit, from_date=from_date, to_date=to_date, at=at
        )
    detail = asked(role=role, unit=unit, from_date=from_date, to_date=to_date)
    with refusals_noted(
        action="people.role_granted", by=by, at=at, obj=person, reason=reason, detail=detail
    ):
        # One grant at a time for a person: two at once must not both pass the checks below.
        Person.objects.select_for_update().get(pk=person.pk)
        _refuse_unless_grantable(
            person=person, role=role, unit=unit, from_date=from_date, to_date=to_date, by=by, at=at
        )
        grant = _created(
            person=person, role=role, unit=unit, from_date=from_date, to_date=to_date,
            granted_by=by, granted_at=at,
        )  # fmt: skip
        if role in ROLES_NEEDING_SECOND_FACTOR:
            # A code handed out before would open to its holder what they may not give.
            revoke_codes(people=[person.pk], at=at)
        sync_groups(person=person, on=local_date(at))
        end_sessions(person=person, why=SignIn.End.ROLE_CHANGED, by=by, at=at)
        note(action="people.role_granted", by=by, at=at, obj=person, reason=reason, detail=detail)
    return grant


def check_grant(
    *,
    person: Person,
    role: str,
    unit: Unit,
    from_date: date,
    by: Person,
    at: datetime,
    to_date: date | None = None,
) -> None:
    """Refuse now what `grant_role` would refuse, before anybody is asked to confirm it."""
    detail = asked(role=role, unit=unit, from_date=from_date, to_date=to_date)
    with refusals_noted(action="people.role_granted", by=by, at=at, obj=person, detail=detail):
        _refuse_unless_grantable(
            person=person, role=role, unit=unit, from_date=from_date, to_date=to_date, by=by, at=at
        )


def mandates_of(*, person: Person, on: date) -> list[rules.Mandate]:
    """What the person's own grants let them give, one for each grant."""
    return [
        rules.Mandate(gives=GRANTABLE[grant.role], path=grant.unit.path, until=grant.to_date)
        for grant in grants_on(person=person, on=on).select_related("unit")
        if grant.role in GRANTABLE
    ]


def _refuse_unless_grantable(
    *,
    person: Person,
    role: str,
    unit: Unit,
    from_date: date,
    to_date: date | None,
    by: Person,
    at: datetime,
) -> None:
    today = local_date(at)
    posting = posting_on(person=person, on=today)
    wish = rules.Wish(
        role=role, path=unit.path, from_date=from_date, to_date=to_date,
        person_path=posting.unit.path if posting else None, is_for_oneself=person.pk == by.pk,
    )  # fmt: skip
    fault = rules.grant_fault(wish=wish, mandates=mandates_of(person=by, on=today), today=today)
    if fault:
        raise GrantRefused(fault)
    span = rules.Span(role, from_date, to_date)
    held = list(RoleGrant.objects.filter(unended_grants(today), person=person))
    spans = [rules.Span(g.role, g.from_date, g.to_date) for g in held]
    other = rules.excluding(wish=span, held=spans, administrators=ADMINISTRATORS)
    if other is not None:
        raise AdministratorsExclude(other.role)
    same = [s for g, s in zip(held, spans, strict=True) if (g.role, g.unit_id) == (role, unit.pk)]
    if any(held_span.meets(span) for held_span in same):
        raise GrantRefused("role_already_held")


def _created(**fields: Any) -> RoleGrant:
    """The row; the database has the last word on the three administrators."""
    try:
        with transaction.atomic():
            return RoleGrant.objects.create(**fields)
    except IntegrityError as error:
        if EXCLUSION in str(error):
            raise AdministratorsExclude from error
        raise


def _seed(
    *, person: Person, role: str, unit: Unit, from_date: date, to_date: date | None, at: datetime
) -> RoleGrant:
    with transaction.atomic():
        grant = RoleGrant.objects.filter(
            person=person, role=role, unit=unit, from_date=from_date, revoked_on__isnull=True
        ).first()
        if grant is None:
            grant = _created(
                person=person, role=role, unit=unit, from_date=from_date, to_date=to_date,
                granted_by=None, granted_at=at,
            )  # fmt: skip
            detail = asked(role=role, unit=unit, from_date=from_date, to_date=to_date)
            note(action="people.role_granted", by=None, at=at, obj=person, detail=detail)
        sync_groups(person=person, on=local_date(at))
    return grant


def asked(*, role: str, unit: Unit, from_date: date, to_date: date | None) -> dict[str, Any]:
    return {
        "role": role,
        "unit": unit.code,
        "from": from_date.isoformat(),
        "to": to_date.isoformat() if to_date else None,
    }
