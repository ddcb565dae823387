"""Suspending an account and opening it again: the person stays, with everything on record."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.common.acts import note
from lms.common.clock import local_date
from lms.common.errors import Refusal
from lms.people.models import Person, SignIn
from lms.people.refusing import refusals_noted
from lms.people.revoking import refuse_if_last_administrator
from lms.people.roles import Permission
from lms.people.selectors import (
    holds_staff_roles_beyond,
    persons_visible_to,
    units_visible_to,
)
from lms.people.sessions import end_sessions

SENTENCES = {
    "account_out_of_scope": gettext_lazy(
        "这个人不在你管理的单位任职，他的账号由他单位的安全管理员管。"
    ),
    "account_above_you": gettext_lazy(
        "这个人在你管理的单位以外也担任管理角色，他的账号由那一级的安全管理员管。"
    ),
    "own_account": gettext_lazy("自己的账号不能自己停用、自己恢复。请另一位安全管理员来办。"),
    "reason_missing": gettext_lazy("还没有写理由。写一句为什么，以后查得到。"),
    "account_already_so": gettext_lazy("这个账号已经是这个状态，不用再办。"),
}


class AccountRefused(Refusal):
    """One of SENTENCES, by its code."""

    def __init__(self, code: str) -> None:
        super().__init__(str(SENTENCES[code]), code=code)


class AccountMerged(Refusal):
    """A merged account has no life of its own: only undoing the merge gives it one."""

    code = "account_merged"
    status = 409

    def __init__(self, kept: Person) -> None:
        words = _(
            "这个账号已经并入%(name)s（%(number)s），不能单独停用或恢复。确实是两个人，请系统管理员撤销合并。"
        )
        super().__init__(words % {"name": kept.name, "number": kept.staff_number})


def suspend_account(*, person: Person, by: Person, at: datetime, reason: str) -> None:
    """Nobody signs in with the account any more, and its sessions end now.

    Raises AccountRefused, AccountMerged, LastAdministrator.
    """
    with refusals_noted(action="people.account_suspended", by=by, at=at, obj=person, reason=reason):
        _refuse(person=person, by=by, at=at, reason=reason, is_wanted_active=False)
        refuse_if_last_administrator(person=person, at=at)
        person.is_active = False
        person.save(update_fields=["is_active"])
        end_sessions(person=person, why=SignIn.End.SUSPENDED, by=by, at=at)
        note(action="people.account_suspended", by=by, at=at, obj=person, reason=reason)


def reactivate_account(*, person: Person, by: Person, at: datetime, reason: str) -> None:
    """The account signs in again as before.

    Raises AccountRefused, AccountMerged.
    """
    with refusals_noted(action="people.account_reopened", by=by, at=at, obj=person, reason=reason):
        _refuse(person=person, by=by, at=at, reason=reason, is_wanted_active=True)
        person.is_active = True
        person.save(update_fields=["is_active"])
        note(action="people.account_reopened", by=by, at=at, obj=person, reason=reason)


def _refuse(
    *, person: Person, by: Person, at: datetime, reason: str, is_wanted_active: bool
) -> None:
    if person.pk == by.pk:
        raise AccountRefused("own_account")
    visible = persons_visible_to(
        person=by, permission=Permission.MANAGE_ACCOUNTS, on=local_date(at)
    )
    account = Person.objects.select_for_update(of=("self",)).select_related("merged_into")
    now = account.get(pk=person.pk)
    if not visible.filter(pk=now.merged_into_id or now.pk).exists():
        raise AccountRefused("account_out_of_scope")
    managed = units_visible_to(person=by, permission=Permission.MANAGE_ACCOUNTS, on=local_date(at))
    if holds_staff_roles_beyond(person=now, units=managed, on=local_date(at)):
        raise AccountRefused("account_above_you")
    if now.merged_into is not None:
        raise AccountMerged(now.merged_into)
    if not reason.strip():
        raise AccountRefused("reason_missing")
    person.is_active = now.is_active
    if person.is_active == is_wanted_active:
        raise AccountRefused("account_already_so")
