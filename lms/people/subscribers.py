"""What happens while signing in, into the journal: each sign-in, failure, change and sign-out."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as factor_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth_signals
from django.dispatch import receiver
from django.http import HttpRequest

from lms.common.acts import note
from lms.common.clock import database_now
from lms.people.accounts import account_named
from lms.people.models import Person, SignIn
from lms.people.sessions import SIGN_IN, close_session


@receiver(account_signals.user_logged_in)
def note_sign_in(request: HttpRequest, user: Person, **_: Any) -> None:
    sign_in = SignIn.objects.filter(pk=request.session.get(SIGN_IN, 0)).first()
    way = {"way": sign_in.way, "second_factor": sign_in.has_second_factor} if sign_in else {}
    _note(action="people.signed_in", by=user, obj=user, request=request, detail=way)


@receiver(auth_signals.user_login_failed)
def note_failure(credentials: dict[str, Any], request: HttpRequest | None, **_: Any) -> None:
    """What was typed is not kept: people type passwords into the wrong field."""
    person = account_named(str(credentials.get("username", "")))
    _note(
        action="people.sign_in_failed", by=None, obj=person, request=request, outcome="refused",
        code=_why_not(person),
    )  # fmt: skip


def _why_not(person: Person | None) -> str:
    if person is None:
        return "account_unknown"
    if person.merged_into_id is not None:
        return "account_merged"
    return "password_mismatch" if person.is_active else "account_suspended"


@receiver(auth_signals.user_logged_out)
def note_sign_out(request: HttpRequest, user: Person | None, **_: Any) -> None:
    if user is None:
        return
    at = database_now()
    # Django flushes the session after telling us.
    close_session(sign_in=request.session.get(SIGN_IN, 0), why=SignIn.End.SIGNED_OUT, at=at)
    _note(action="people.signed_out", by=user, obj=user, request=request)


@receiver(factor_signals.authenticator_added)
def note_factor_added(
    request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any
) -> None:
    _note(
        action="people.second_factor_added", by=user, obj=user, request=request,
        detail={"kind": authenticator.type},
    )  # fmt: skip


@receiver(factor_signals.authenticator_removed)
def note_factor_removed(
    request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any
) -> None:
    _note(
        action="people.second_factor_removed", by=user, obj=user, request=request,
        detail={"kind": authenticator.type},
    )  # fmt: skip


@receiver(factor_signals.authenticator_reset)
def note_codes_renewed(request: HttpRequest, user: Person, **_: Any) -> None:
    _note(action="people.recovery_codes_renewed", by=user, obj=user, request=request)


@receiver(factor_signals.authenticator_used)
def note_recovery_code(
    request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any
) -> None:
    """A recovery code stands in for a lost phone: worth a line of its own."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _note(action="people.recovery_code_used", by=user, obj=user, request=request)


@receiver(factor_signals.authentication_failed)
def note_factor_failed(
    request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any
) -> None:
    _note(
        action="people.second_factor_failed", by=None, obj=user, request=request, outcome="refused",
        code="code_mismatch", detail={"kind": authenticator.type},
    )  # fmt: skip


@receiver([account_signals.password_changed, account_signals.password_set])
def note_password_changed(request: HttpRequest, user: Person, **_: Any) -> None:
    _note(action="people.password_changed", by=user, obj=user, request=request)


@receiver(account_signals.password_reset)
def note_password_reset(request: HttpRequest, user: Person, **_: Any) -> None:
    _note(action="people.password_reset", by=user, obj=user, request=request)


def _note(*, action: str, request: HttpRequest | None, **facts: Any) -> None:
    address = request.META.get("REMOTE_ADDR") or None if request is not None else None
    note(action=action, at=database_now(), address=address, **facts)
