"""How allauth treats our accounts: nobody registers themselves; the roster makes accounts."""

import time
from typing import Any
from urllib.parse import quote

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from lms.common.acts import note
from lms.common.clock import database_now, local_date
from lms.people import encryption
from lms.people.accounts import account_named
from lms.people.devices import device_of
from lms.people.models import Person, SignIn
from lms.people.passwords import set_password
from lms.people.second_factors import may_remove
from lms.people.sessions import SEEN, SIGN_IN, SINCE, begin_session
from lms.people.throttle import (
    Attempt,
    TooManyFailures,
    account_key,
    begin_attempt,
    device_key,
)

WAYS = {"socialaccount": SignIn.Way.SSO, "activation": SignIn.Way.ACTIVATION}


class AccountAdapter(DefaultAccountAdapter):
    # allauth's own sentences speak of user names; the form asks for one of three things.
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy("账号或密码不对。看一看大小写，再试一次。"),
        "incorrect_password": gettext_lazy("密码不对。看一看大小写，再试一次。"),
        "enter_current_password": gettext_lazy("现在的密码不对。"),
        "incorrect_code": gettext_lazy("验证码不对。"),
        "too_many_login_attempts": gettext_lazy("连续输错太多次，请过一会儿再试。"),
        "rate_limited": gettext_lazy("试得太快了，请过一会儿再试。"),
    }
    attempt: Attempt | None = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_user_search_fields(self) -> list[str]:
        return ["staff_number", "name"]

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Staff numbers come from the roster; none is made up."""

    # Passwords

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before the password is looked at (security 15)."""
        typed = credentials.get("username", "")
        person = account_named(typed)
        device = device_of(request, person)
        key = device_key(person, device) if person and device else account_key(person, typed)
        try:
            self.attempt = begin_attempt(
                key=key,
                address=request.META.get("REMOTE_ADDR"),
                is_known=bool(device),
                at=database_now(),
            )
        except TooManyFailures as refusal:
            raise ValidationError(refusal.sentence, code=refusal.code) from refusal

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is not None and self.attempt is not None:
            self.attempt.succeed()
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Say how many more failures are heard, to known and unknown accounts alike."""
        if self.attempt is not None and self.attempt.locked_until is not None:
            at = database_now()
            note(
                action="people.account_locked", by=None, at=at, outcome="refused",
                obj=account_named(credentials.get("username", "")), code="account_locked",
                address=request.META.get("REMOTE_ADDR") or None,
                detail={"until": self.attempt.locked_until.isoformat()},
            )  # fmt: skip
            until = max(self.attempt.locked_until, at)
            raise ValidationError(
                TooManyFailures(until=until, at=at, is_address=False).sentence,
                code="account_locked",
            )
        left = self.attempt.left if self.attempt is not None else 0
        sentence = ngettext(
            "账号或密码不对，还能试 %(left)s 次。看一看大小写。",
            "账号或密码不对，还能试 %(left)s 次。看一看大小写。",
            left,
        )
        raise ValidationError(sentence % {"left": left}, code="username_password_mismatch")

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponseBase:
        """Who shows the password of a merged account is told which one to use."""
        kept = user.merged_into
        if kept is None:
            return super().respond_user_inactive(request, user)
        words = gettext("这个账号已经并入 %(number)s，不能再登录。请用人员编号 %(number)s 登录。")
        messages.warning(request, words % {"number": kept.staff_number})
        return redirect("account_login")

    def set_password(self, user: Any, password: str) -> None:
        request = self.request
        keep = request.session.get(SIGN_IN, 0) if request.user.is_authenticated else 0
        set_password(person=user, password=password, at=database_now(), keep=keep)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("people-security")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Built from BASE_URL, never from the Host header of whoever asked (security 16)."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", quote(key))

    # Sessions

    def login(self, request: HttpRequest, user: Any) -> None:
        records = get_authentication_records(request, user)
        sign_in = begin_session(
            person=user,
            way=way_of(records),
            has_second_factor=any(record["method"] == "mfa" for record in records),
            address=request.META.get("REMOTE_ADDR"),
            agent=request.META.get("HTTP_USER_AGENT", ""),
            at=database_now(),
        )
        super().login(request, user)
        now = int(time.time())
        request.session.update({SIGN_IN: sign_in.pk, SINCE: now, SEEN: now})
        request.signed_in_person = user  # type: ignore[attr-defined]  # guards: a known device now

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago has just shown who they are."""
        since = self.request.session.get(SINCE, 0)
        if time.time() - since < account_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)


def way_of(records: list[dict[str, Any]]) -> str:
    """How a session began, from allauth's record of what was shown."""
    first = records[0] if records else {}
    if first.get("passwordless"):
        return SignIn.Way.PASSKEY
    return WAYS.get(first.get("method", ""), SignIn.Way.PASSWORD)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("验证码不对，或者已经用过。等下一个再试。"),
        "cannot_delete_authenticator": gettext_lazy(
            "你的角色必须有第二重验证，最后一种不能去掉。先加一种新的，再去掉这一种。"
        ),
    }

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)

    def get_totp_label(self, user: Any) -> str:
        return user.staff_number

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        today = local_date(database_now())
        return may_remove(person=authenticator.user, authenticator=authenticator, on=today)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("通行密钥 %(number)s") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": gettext("强基")}

    def get_public_key_credential_user_entity(self, user: Person) -> dict[str, Any]:
        entity = super().get_public_key_credential_user_entity(user)
        return {**entity, "name": user.staff_number, "display_name": user.name}
