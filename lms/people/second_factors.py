"""The second factor: who needs one, who has one, and how a security administrator takes it away."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from lms.common.acts import note
from lms.common.clock import local_date
from lms.common.errors import Refusal
from lms.people.models import Person, SignIn
from lms.people.roles import ROLES_NEEDING_SECOND_FACTOR, Permission
from lms.people.selectors import grants_on, holds_staff_roles_beyond, units_visible_to
from lms.people.sessions import end_sessions
from lms.people.throttle import forgive, second_factor_key

PRIMARY = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
REPLAY_WINDOW = timedelta(minutes=5)
CODES_REMEMBERED = 8


class ReasonMissing(Refusal):
    code = "reason_missing"
    sentence = gettext_noop("请写明理由，至少 5 个字，日志里要记。")


class NothingToReset(Refusal):
    code = "nothing_to_reset"
    sentence = gettext_noop("这个人没有设过第二重验证，不用重置。")
    status = 409


class AboveYou(Refusal):
    """Who resets a factor could become its holder."""

    code = "account_above_you"
    sentence = gettext_noop(
        "这个人在你管理的单位以外也担任管理角色，他的账号由那一级的安全管理员管。"
    )
    status = 403


@dataclass(frozen=True)
class Factors:
    """What a person has set up. `codes_left` of `codes_total` recovery codes are unused."""

    totp: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int
    codes_total: int

    @property
    def has_any(self) -> bool:
        return self.totp is not None or bool(self.passkeys)


def needs_second_factor(*, person: Person, on: date) -> bool:
    """Whether a role held on that day asks for one, where the rule is on."""
    if not settings.QIANGJI["SECOND_FACTOR_REQUIRED"]:
        return False
    return grants_on(person=person, on=on).filter(role__in=ROLES_NEEDING_SECOND_FACTOR).exists()


def has_second_factor(person: Person) -> bool:
    return Authenticator.objects.filter(user=person, type__in=PRIMARY).exists()


def owes_second_factor(*, person: Person, on: date) -> bool:
    """Whether a role asks for one and none is set up."""
    return needs_second_factor(person=person, on=on) and not has_second_factor(person)


def factors_of(person: Person) -> Factors:
    found = list(Authenticator.objects.filter(user=person).order_by("created_at"))
    codes = next((a for a in found if a.type == Authenticator.Type.RECOVERY_CODES), None)
    return Factors(
        totp=next((a for a in found if a.type == Authenticator.Type.TOTP), None),
        passkeys=[a for a in found if a.type == Authenticator.Type.WEBAUTHN],
        codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
        codes_total=len(codes.wrap().generate_codes()) if codes else 0,
    )


def may_remove(*, person: Person, authenticator: Authenticator, on: date) -> bool:
    """The last factor of somebody who needs one stays; another comes first."""
    others = Authenticator.objects.filter(user=person, type__in=PRIMARY).exclude(
        pk=authenticator.pk
    )
    return others.exists() or not needs_second_factor(person=person, on=on)


def spend_code(*, authenticator: Authenticator, code_digest: str, at: datetime) -> bool:
    """Use a TOTP code up. False when it was used before: the cache, which allauth asks, forgets."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        oldest = (at - REPLAY_WINDOW).timestamp()
        spent = [pair for pair in row.data.get("spent", []) if pair[1] > oldest]
        if any(pair[0] == code_digest for pair in spent):
            return False
        row.data["spent"] = [*spent, [code_digest, at.timestamp()]][-CODES_REMEMBERED:]
        row.save(update_fields=["data"])
        authenticator.data = row.data
    return True


def reset_second_factor(*, person: Person, reason: str, by: Person, at: datetime) -> int:
    """Remove everything `person` signs in with besides the password, and end their sessions.

    Returns how many factors there were. They set up new ones at the next sign-in. Raises
    ReasonMissing, AboveYou, NothingToReset.
    """
    managed = units_visible_to(person=by, permission=Permission.MANAGE_ACCOUNTS, on=local_date(at))
    if holds_staff_roles_beyond(person=person, units=managed, on=local_date(at)):
        raise AboveYou
    if len(reason.strip()) < 5:
        raise ReasonMissing
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        kinds = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
        linked = SocialAccount.objects.filter(user=person).count()
        if not kinds and not linked:
            raise NothingToReset
        Authenticator.objects.filter(user=person).delete()
        SocialAccount.objects.filter(user=person).delete()
        forgive(keys=[second_factor_key(person)])
        note(
            action="people.second_factor_reset", by=by, at=at, obj=person, reason=reason.strip(),
            detail={"kinds": sorted(kinds), "sso_links": linked},
        )  # fmt: skip
        end_sessions(person=person, why=SignIn.End.FACTOR_RESET, by=by, at=at)
    return len(kinds)
