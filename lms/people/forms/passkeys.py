"""allauth's passkey forms, for whatever a browser, or somebody who is none, sends as a credential."""

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_CREDENTIAL = 64 * 1024
# What parsing base64, CBOR and JSON of strangers raises; allauth and fido2 let most of it through.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error)


class CredentialField(forms.JSONField):
    """JSON short and flat enough to read, of what a database can hold. It is never shown again."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > LONGEST_CREDENTIAL:
            raise _refusal()
        try:
            read = super().to_python(value)
            text = json.dumps(read, allow_nan=False, ensure_ascii=False).encode()
        except (RecursionError, ValueError) as error:
            raise _refusal() from error
        if b"\x00" in text or b"\\u0000" in text or not isinstance(read, dict | None):
            raise _refusal()
        return read

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial


def _refusal() -> Exception:
    return get_adapter().validation_error("incorrect_code")


@contextmanager
def _unreadable_refused() -> Iterator[None]:
    try:
        yield
    except UNREADABLE as error:
        raise _refusal() from error


class AddPasskeyForm(passkey_forms.AddWebAuthnForm):
    name = forms.CharField(label=_("给它起个名字"), required=False, max_length=40)
    passwordless = forms.BooleanField(label=_("以后可以不输密码，直接用它登录"), required=False)
    credential = CredentialField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"passwordless": True, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        with _unreadable_refused():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class _ShownPasskey(forms.Form):
    """`credential` for the forms below, which inherit allauth's reading of it."""

    credential = CredentialField(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        with _unreadable_refused():
            return super().clean_credential()  # type: ignore[misc]


class PasskeyLoginForm(_ShownPasskey, passkey_forms.LoginWebAuthnForm):
    pass


class PasskeyFactorForm(_ShownPasskey, passkey_forms.AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(_ShownPasskey, passkey_forms.ReauthenticateWebAuthnForm):
    pass
