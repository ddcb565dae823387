"""First sign-in: codes are issued for people, redeemed once for a password, and leave only digests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from lms.common.acts import note
from lms.common.clock import local_date
from lms.common.errors import Refusal
from lms.people.activation_codes import digest_of, new_code
from lms.people.models import ActivationCode, Person, RoleGrant
from lms.people.passwords import set_password
from lms.people.roles import ROLES_NEEDING_SECOND_FACTOR, Permission, Role
from lms.people.selectors import grants_on, persons_visible_to, unended_grants
from lms.people.throttle import account_key, forgive


class CodeWrong(Refusal):
    code = "activation_code_wrong"
    sentence = gettext_noop("人员编号或激活码不对。对照激活单再输一次，不分大小写，横线可以不输。")


class CodeUsed(Refusal):
    code = "activation_code_used"
    sentence = gettext_noop("这个激活码已经用过了。不是你用的话，请马上告诉单位培训管理员。")
    status = 409


class CodeExpired(Refusal):
    code = "activation_code_expired"
    sentence = gettext_noop("这个激活码过期或作废了。请单位培训管理员重新发一个。")
    status = 410


class AccountSuspended(Refusal):
    code = "account_suspended"
    sentence = gettext_noop("这个账号停用了。觉得不对，请联系单位培训管理员。")
    status = 403


class AccountMerged(Refusal):
    code = "account_merged"
    status = 409

    def __init__(self, kept: Person) -> None:
        words = _("这个账号已经并入%(name)s（%(number)s），不用激活。请用 %(number)s 登录。")
        super().__init__(words % {"name": kept.name, "number": kept.staff_number})


class NobodyChosen(Refusal):
    code = "nobody_chosen"
    sentence = gettext_noop("没有选中任何人。先在名单里打勾，再发激活码。")


class TooManyChosen(Refusal):
    code = "too_many_chosen"
    sentence = gettext_noop("一次最多发 500 人，请分几次发。")


class OutsideUnits(Refusal):
    code = "outside_units"
    sentence = gettext_noop("选中的人里有不归你管的，一个激活码也没有发。请刷新名单再选。")
    status = 404


class AboveYou(Refusal):
    code = "activation_above_you"
    sentence = gettext_noop("选中的人里有管理员，他们的激活码由系统管理员发。一个激活码也没有发。")
    status = 403


@dataclass(frozen=True)
class Issued:
    """A code in the only moment it can be read."""

    person: Person
    code: str
    expires_at: datetime

    @property
    def link(self) -> str:
        """The code stands behind `#`, which no browser sends and no log keeps (security 16)."""
        return f"{settings.BASE_URL}/accounts/activate/#{self.person.staff_number}/{self.code}"


def issue_codes(*, people: Sequence[int], by: Person, at: datetime) -> list[Issued]:
    """A new code for each of these people; their old ones die. All of them or none.

    Raises NobodyChosen, TooManyChosen, AccountMerged, OutsideUnits, AboveYou.
    """
    chosen = sorted(set(people))
    if not chosen:
        raise NobodyChosen
    if len(chosen) > settings.QIANGJI["ACTIVATION_CODES_AT_ONCE"]:
        raise TooManyChosen
    with transaction.atomic():
        found = _in_scope(chosen, by, at)
        if len(found) != len(chosen):
            _refuse_merged(chosen, by, at)
            raise OutsideUnits
        if _any_above(found, by, at):
            raise AboveYou
        revoke_codes(people=chosen, at=at)
        issued = [_issue(person, by, at) for person in found]
    return issued


def redeem_code(*, staff_number: str, typed: str, password: str, at: datetime) -> Person:
    """Use a code up, set the password, give back whose it is. Twenty at once: one wins.

    Raises CodeWrong, CodeUsed, CodeExpired, AccountMerged, AccountSuspended; only who holds the code
    learns more than that it is wrong.
    """
    with transaction.atomic():
        code = _code_of(staff_number, typed)
        if code.person.merged_into is not None:
            raise AccountMerged(code.person.merged_into)
        if not code.person.is_active:
            raise AccountSuspended
        if code.used_at is not None:
            raise CodeUsed
        won = ActivationCode.objects.filter(
            pk=code.pk, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at
        ).update(used_at=at)
        if not won:
            code.refresh_from_db()
            raise CodeUsed if code.used_at is not None else CodeExpired
        set_password(person=code.person, password=password, at=at)
        forgive(keys=[account_key(code.person, "")])
        note(action="people.activated", by=code.person, at=at, obj=code.person)
    return code.person


def revoke_codes(*, people: Sequence[int], at: datetime) -> None:
    """Open codes of these people open nothing any more."""
    ActivationCode.objects.filter(
        person__in=people, used_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=at)


def owner_of(*, staff_number: str, typed: str) -> Person | None:
    """Whose code this is, to judge a password by before the code is used up."""
    try:
        return _code_of(staff_number, typed).person
    except CodeWrong:
        return None


def _code_of(staff_number: str, typed: str) -> ActivationCode:
    code = ActivationCode.objects.select_related("person").filter(digest=digest_of(typed)).first()
    if code is None or code.person.staff_number.casefold() != staff_number.strip().casefold():
        raise CodeWrong
    return code


def _in_scope(chosen: list[int], by: Person, at: datetime) -> list[Person]:
    visible = persons_visible_to(
        person=by, permission=Permission.IMPORT_ROSTER, on=local_date(at)
    ).exclude(pk=by.pk)
    # The lock keeps two issuers from leaving two open codes.
    return list(
        Person.objects.select_for_update()
        .filter(pk__in=visible.filter(pk__in=chosen, is_active=True).values("pk"))
        .order_by("staff_number")
    )


def _refuse_merged(chosen: list[int], by: Person, at: datetime) -> None:
    """Name the person an account became, to those who see them."""
    visible = persons_visible_to(person=by, permission=Permission.IMPORT_ROSTER, on=local_date(at))
    merged = Person.objects.filter(pk__in=chosen, merged_into__in=visible.values("pk"))
    account = merged.select_related("merged_into").order_by("staff_number").first()
    if account is not None and account.merged_into is not None:
        raise AccountMerged(account.merged_into)


def _any_above(found: list[Person], by: Person, at: datetime) -> bool:
    """A code is the account: who hands one out for an administrator could become them.

    So a system administrator does it, and for roles held in their own units alone.
    """
    on = local_date(at)
    held = RoleGrant.objects.filter(
        unended_grants(on), person__in=found, role__in=ROLES_NEEDING_SECOND_FACTOR
    )
    administered = grants_on(person=by, on=on).filter(role=Role.SYSTEM_ADMIN)
    paths = tuple(administered.values_list("unit__path", flat=True))
    return any(not path.startswith(paths) for path in held.values_list("unit__path", flat=True))


def _issue(person: Person, by: Person, at: datetime) -> Issued:
    code = new_code()
    expires_at = at + timedelta(days=settings.QIANGJI["ACTIVATION_CODE_DAYS"])
    ActivationCode.objects.create(
        person=person,
        digest=digest_of(code),
        issued_by=by,
        issued_at=at,
        expires_at=expires_at,
    )
    note(
        action="people.activation_code_issued", by=by, at=at, obj=person,
        detail={"expires_at": expires_at.isoformat()},
    )  # fmt: skip
    return Issued(person, code, expires_at)
