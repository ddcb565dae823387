"""One's own account: password, second factors, sign-ins, and staying signed in."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.people.access import public, signed_in
from lms.people.adapters import SecondFactorAdapter
from lms.people.browsers import browser_words
from lms.people.forms.signing_in import ActivationForm
from lms.people.guards import seconds_left
from lms.people.models import Person, SignIn
from lms.people.requests import PersonRequest
from lms.people.second_factors import factors_of, needs_second_factor
from lms.people.sessions import SIGN_IN

SIGN_INS_SHOWN = 10


@signed_in
@require_GET
def security_page(request: PersonRequest) -> HttpResponse:
    person, today = request.user, local_date(timezone.now())
    return render(
        request,
        "people/security.html",
        {
            "title": _("账号与安全"),
            "factors": factors_of(person),
            "must_have_factor": needs_second_factor(person=person, on=today),
            "password_changed_at": person.password_changed_at,
            "password_expires_days": settings.QIANGJI["PASSWORD_EXPIRES_DAYS"],
            "has_password": person.has_usable_password(),
            "sign_ins": _sign_ins(person, request.session.get(SIGN_IN)),
            "one_session": settings.QIANGJI["ONE_SESSION_PER_ACCOUNT"],
            "idle_minutes": settings.QIANGJI["SESSION_IDLE_MINUTES"],
        },
    )


def _sign_ins(person: Person, here: int | None) -> list[dict[str, Any]]:
    newest = SignIn.objects.filter(person=person).order_by("-at")[:SIGN_INS_SHOWN]
    return [
        {"row": row, "browser": browser_words(row.agent), "is_here": row.pk == here}
        for row in newest
    ]


@signed_in
@require_GET
def to_security_page(request: PersonRequest) -> HttpResponseBase:
    """allauth leads to lists of its own; everything is on one page here."""
    return redirect("people-security")


@public
@never_cache
@require_GET
def session_state(request: HttpRequest) -> HttpResponse:
    """How long the session still lasts: what the page asks before it warns."""
    is_live = request.user.is_authenticated
    left = max(0, seconds_left(request)) if is_live else 0
    return JsonResponse({"signed_in": is_live, "seconds_left": left})


@signed_in
@never_cache
@require_POST
def stay_signed_in(request: PersonRequest) -> HttpResponse:
    """Somebody is here: they pressed the button, or a lecture is playing."""
    request.session["seen_at"] = int(timezone.now().timestamp())
    return JsonResponse({"signed_in": True, "seconds_left": seconds_left(request)})


@public
@never_cache
@sensitive_post_parameters("code", "password1", "password2")
@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest) -> HttpResponseBase:
    """First sign-in: staff number and code, then a password of one's own."""
    form = ActivationForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            person = form.redeem(at=database_now())
        except Refusal as refusal:
            form.add_error(None, _(str(refusal.sentence)))
        else:
            record_authentication(request, person, "activation")
            return perform_login(request, person)
    return render(request, "account/activate.html", {"form": form, "title": _("第一次登录")})


class RemovePasskeyView(RemoveWebAuthnView):
    """allauth asks before removing TOTP whether it may go, and not before removing a passkey."""

    def form_valid(self, form: Any) -> HttpResponse:
        authenticator = self.get_object()
        authenticator.user = self.request.user
        adapter = SecondFactorAdapter()
        if not adapter.can_delete_authenticator(authenticator):
            form.add_error(None, adapter.validation_error("cannot_delete_authenticator"))
            return self.form_invalid(form)
        return super().form_valid(form)
