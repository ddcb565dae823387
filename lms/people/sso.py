"""Whose sign-in elsewhere this is: a person of the roster, found by verified claims. Nobody is made."""

from datetime import datetime
from typing import Any

from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from lms.common.acts import note
from lms.common.errors import Refusal
from lms.people.accounts import holders_of_mail
from lms.people.models import Person


class SsoRefused(Refusal, OAuth2Error):
    """Signing in elsewhere came to nothing. allauth hands these to our adapter, which says so."""

    code = "sso_refused"
    sentence = gettext_noop("统一身份登录没有成功。请再试一次，或者用人员编号和密码登录。")
    status = 401


class PersonUnknown(SsoRefused):
    code = "sso_person_unknown"
    sentence = gettext_noop("统一身份里的你在名册里找不到。请单位培训管理员核对人员编号或邮箱。")
    status = 403


class MailUnverified(SsoRefused):
    code = "sso_mail_unverified"
    sentence = gettext_noop("统一身份里的邮箱没有验证过，不能用来认人。请先在那边验证邮箱。")
    status = 403


class MailAmbiguous(SsoRefused):
    code = "sso_mail_ambiguous"
    sentence = gettext_noop("这个邮箱在名册里不止一个人用，认不出是谁。请用人员编号和密码登录。")
    status = 403


class PersonSuspended(SsoRefused):
    code = "sso_person_suspended"
    sentence = gettext_noop("这个账号停用了。觉得不对，请联系单位培训管理员。")
    status = 403


class PersonMerged(SsoRefused):
    code = "account_merged"
    sentence = gettext_noop("这个账号已经并入另一个人员编号。请用保留的编号登录，再到安全页绑定。")
    status = 409


class OtherIdentity(SsoRefused):
    code = "sso_other_identity"
    sentence = gettext_noop("这个账号已经绑定了另一个统一身份。确实换过的，请安全管理员解除绑定。")
    status = 403


def person_of(*, provider: str, uid: str, claims: dict[str, Any]) -> Person:
    """The active person who signs in as `uid` there: the one linked before, else the one the claims name.

    Raises PersonUnknown, MailUnverified, MailAmbiguous, PersonMerged, PersonSuspended, OtherIdentity.
    """
    linked = SocialAccount.objects.filter(provider=provider, uid=uid).select_related("user").first()
    person: Person = linked.user if linked else _named(claims)
    if person.merged_into_id is not None:
        raise PersonMerged
    if not person.is_active:
        raise PersonSuspended
    if not linked and SocialAccount.objects.filter(provider=provider, user=person).exists():
        raise OtherIdentity
    return person


def link_identity(*, person: Person, provider: str, uid: str, at: datetime) -> SocialAccount:
    """Remember whose identity `uid` is; it is theirs from now on. Nothing else of the claims is kept."""
    with transaction.atomic():
        account, is_new = SocialAccount.objects.get_or_create(
            provider=provider, uid=uid, defaults={"user": person, "extra_data": {}}
        )
        if is_new:
            note(action="people.sso_linked", by=person, at=at, obj=person)
    return account


def _named(claims: dict[str, Any]) -> Person:
    claim = settings.OIDC["staff_number_claim"]
    if claim:
        number = claims.get(claim)
        found = Person.objects.filter(staff_number=number) if _is_text(number) else None
        person = found.first() if found is not None else None
        if person is None:
            raise PersonUnknown
        return person
    return _holder(claims)


def _holder(claims: dict[str, Any]) -> Person:
    mail = claims.get("email")
    if not _is_text(mail):
        raise PersonUnknown
    if claims.get("email_verified") is not True:
        raise MailUnverified
    held = list(holders_of_mail(str(mail)).order_by("-is_active")[:2])
    if not held:
        raise PersonUnknown
    if len(held) == 2 and held[0].is_active == held[1].is_active:
        raise MailAmbiguous
    return held[0]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\x00" not in value
