"""Forms of signing in: allauth's, with our words and our throttle."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from allauth.account import forms as account_forms
from allauth.account.fields import PasswordField, SetPasswordField
from allauth.core import context
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lms.common.acts import note
from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.people.accounts import account_named, holders_of_mail
from lms.people.activation import owner_of, redeem_code
from lms.people.models import Person
from lms.people.second_factors import owes_second_factor, spend_code
from lms.people.throttle import (
    TooManyFailures,
    activation_key,
    begin_attempt,
    digest,
    password_key,
    second_factor_key,
)

ONE_TIME_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


@contextmanager
def counted(key: str) -> Iterator[None]:
    """Count one attempt of a signed-in or half signed-in person; given back when nothing is raised."""
    try:
        address = context.request.META.get("REMOTE_ADDR")
        attempt = begin_attempt(key=key, address=address, is_known=True, at=database_now())
    except TooManyFailures as refusal:
        raise ValidationError(refusal.sentence, code=refusal.code) from refusal
    yield
    attempt.succeed()


class LoginForm(account_forms.LoginForm):
    """One field for staff number, phone or mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # allauth's field is as short as a staff number; a mail address is longer.
        self.fields["login"] = forms.CharField(
            label=self.fields["login"].label, max_length=254, widget=self.fields["login"].widget
        )
        self.fields["login"].widget.attrs.update(
            {"autocomplete": "username webauthn", "autocapitalize": "none"}
        )


class ChangePasswordForm(account_forms.ChangePasswordForm):
    def clean_oldpassword(self) -> str:
        with counted(password_key(self.user)):
            return super().clean_oldpassword()


class ResetPasswordForm(account_forms.ResetPasswordForm):
    def clean_email(self) -> str:
        """Whose address it is now, as the roster has it: allauth's own table keeps those of before.

        An address two active people hold resets nobody's password. Nor does one of somebody who
        still owes a second factor: whoever owns the mailbox would set up their own. The answer is
        the same for all, and the mail goes to the address we know, not to what was typed.
        """
        address: str = super().clean_email()
        holders = list(holders_of_mail(address).filter(is_active=True)[:2])
        today = local_date(database_now())
        self.users = [
            person
            for person in holders
            if len(holders) == 1 and not owes_second_factor(person=person, on=today)
        ]
        return self.users[0].email if self.users else address


class SecondFactorForm(factor_forms.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(ONE_TIME_CODE)

    def clean_code(self) -> str:
        return checked_code(self, super().clean_code)


class SecondFactorAgainForm(factor_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(ONE_TIME_CODE)

    def clean_code(self) -> str:
        return checked_code(self, super().clean_code)


def checked_code(form: Any, check: Any) -> str:
    """allauth's check, counted in PostgreSQL, and a TOTP code taken once only."""
    person: Person = form.user
    with counted(second_factor_key(person)):
        code: str = check()
        found: Authenticator = form.authenticator
        if found.type == Authenticator.Type.TOTP and not spend_code(
            authenticator=found,
            code_digest=digest("".join(filter(str.isdigit, code))),
            at=database_now(),
        ):
            raise ValidationError(_("这个验证码已经用过。等下一个再试。"), code="code_used")
    return code


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update({**ONE_TIME_CODE, "autofocus": False})

    def clean_code(self) -> str:
        with counted(second_factor_key(self.user)):
            return super().clean_code()


class ActivationForm(forms.Form):
    """Staff number and code from the sheet, and the password they are for."""

    staff_number = forms.CharField(label=_("人员编号"), max_length=32)
    code = forms.CharField(label=_("激活码"), max_length=80)
    password1 = SetPasswordField(label=_("新密码"))
    password2 = PasswordField(label=_("再填一次新密码"), autocomplete="new-password")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["staff_number"].widget.attrs["autocomplete"] = "username"
        self.fields["code"].widget.attrs.update(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        )

    def clean(self) -> dict[str, Any]:
        """Judge the password by whose it will be, before the code is used up."""
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("两次填的不一样。"))
        if first and data.get("staff_number") and data.get("code"):
            owner = owner_of(staff_number=data["staff_number"], typed=data["code"])
            try:
                validate_password(first, owner)
            except ValidationError as error:
                self.add_error("password1", error)
        return data

    def redeem(self, *, at: datetime) -> Person:
        """Counted like a password. Raises what `redeem_code` raises, and TooManyFailures."""
        number = self.cleaned_data["staff_number"]
        attempt = begin_attempt(
            key=activation_key(number),
            address=self.request.META.get("REMOTE_ADDR"),
            is_known=False,
            at=at,
        )
        try:
            person = redeem_code(
                staff_number=number,
                typed=self.cleaned_data["code"],
                password=self.cleaned_data["password1"],
                at=at,
            )
        except Refusal as refusal:
            note(
                action="people.activation_refused", by=None, at=at, outcome="refused",
                code=refusal.code, obj=account_named(number),
                address=self.request.META.get("REMOTE_ADDR") or None,
            )  # fmt: skip
            raise
        attempt.succeed()
        return person
