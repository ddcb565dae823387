"""What stands between a session and the pages: time, and what a person still owes.

Both hold on every path, Wagtail's admin and the API included: they look at the request before any
view does.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.common.clock import database_now, local_date
from lms.people.devices import remember_device
from lms.people.models import SignIn
from lms.people.passwords import is_expired
from lms.people.second_factors import has_second_factor, needs_second_factor
from lms.people.sessions import (
    SEEN,
    SIGN_IN,
    SINCE,
    close_session,
    ending_of,
    ending_sentence,
    mark_seen,
)

SEEN_EVERY_SECONDS = 60  # how often a session's last activity is written
NEEDS_FACTOR = "needs_second_factor"  # in a session: [day, whether a role asks for one]

# A page asking by itself is not a person doing something: it sends PASSIVE, or is Wagtail's own poll.
PASSIVE = "X-Qiangji-Passive"
PASSIVE_PATHS = ("/manage/editing-sessions/",)

ALWAYS_OPEN = {
    "account_logout", "account_reauthenticate", "language", "people-session", "people-stay",
    "healthz", "readyz", "metrics", "guide", "guide-page", "jsi18n",
}  # fmt: skip
# Where a new password, or a second factor, is set up.
FOR_PASSWORD = {"account_change_password", "account_set_password"}
FOR_FACTOR = {
    "people-security", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", *FOR_PASSWORD,
}  # fmt: skip


class SessionRules:
    """Sessions end after idling and with their day; who owes a password or a second factor is led there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sign_in = request.session.get(SIGN_IN, 0)
        if request.user.is_authenticated:
            _keep_time(request, sign_in)
        elif sign_in:
            # The session named nobody any more: it was ended from elsewhere.
            messages.warning(request, ending_of(sign_in))
        response = self.get_response(request)
        if person := getattr(request, "signed_in_person", None):
            remember_device(request, response, person)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if not request.user.is_authenticated or match is None or match.view_name in ALWAYS_OPEN:
            return None
        if is_expired(request.user, at=timezone.now()):
            if match.view_name in FOR_PASSWORD:
                return None
            sentence = _("密码用了 %(days)s 天，到期了。先换一个新密码，再接着用。") % {
                "days": settings.QIANGJI["PASSWORD_EXPIRES_DAYS"]
            }
            return _lead(request, "account_change_password", "password_expired", sentence)
        if match.view_name in FOR_FACTOR or not _owes_second_factor(request):
            return None
        sentence = _("你的角色要有第二重验证。先设好一种，再接着用。")
        return _lead(request, "people-security", "second_factor_needed", sentence)


def seconds_left(request: HttpRequest) -> int:
    """How long the session lasts without anybody doing anything."""
    idle = settings.QIANGJI["SESSION_IDLE_MINUTES"] * 60
    now = int(time.time())
    left = settings.SESSION_COOKIE_AGE - (now - request.session.get(SINCE, now))
    return min(left, idle - (now - request.session.get(SEEN, now))) if idle else left


def _keep_time(request: HttpRequest, sign_in: int) -> None:
    now = int(time.time())
    seen = request.session.get(SEEN)
    if seen is not None and seconds_left(request) < 0:
        is_old = now - request.session.get(SINCE, now) > settings.SESSION_COOKIE_AGE
        why = SignIn.End.AGE if is_old else SignIn.End.IDLE
        close_session(sign_in=sign_in, why=why, at=database_now())
        request.session.flush()
        request.user = AnonymousUser()
        messages.warning(request, ending_sentence(why))
    elif seen is None or (now - seen >= SEEN_EVERY_SECONDS and not _is_passive(request)):
        request.session[SEEN] = now
        mark_seen(sign_in=sign_in, at=timezone.now())


def _is_passive(request: HttpRequest) -> bool:
    return PASSIVE in request.headers or request.path.startswith(PASSIVE_PATHS)


def _owes_second_factor(request: HttpRequest) -> bool:
    """Roles are asked for once a day and session: a change of role ends the session."""
    if not settings.QIANGJI["SECOND_FACTOR_REQUIRED"]:
        return False
    today = local_date(timezone.now())
    day, needs = request.session.get(NEEDS_FACTOR, ("", False))
    if day != today.isoformat():
        needs = needs_second_factor(person=request.user, on=today)  # type: ignore[arg-type]
        request.session[NEEDS_FACTOR] = [today.isoformat(), needs]
    return needs and not has_second_factor(request.user)  # type: ignore[arg-type]


def _lead(request: HttpRequest, where: str, code: str, sentence: str) -> HttpResponseBase:
    """Send a person to what they owe; a machine is told."""
    accepts_html = "text/html" in request.headers.get("Accept", "text/html")
    if request.path.startswith("/api/") or not accepts_html:
        return JsonResponse({"code": code, "message": sentence}, status=403)
    if code != "second_factor_needed":  # that page's heading says it
        messages.warning(request, sentence)
    return redirect(where)
