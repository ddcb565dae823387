"""What a security administrator does to accounts: unlock, reset what people sign in with."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.common.acts import note
from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.people.access import requires
from lms.people.accounts import accounts_visible_to
from lms.people.models import Person
from lms.people.requests import PersonRequest
from lms.people.roles import Permission
from lms.people.second_factors import reset_second_factor
from lms.people.throttle import unlock_account as unlock


@requires(Permission.MANAGE_ACCOUNTS)
@require_POST
def reset_factor(request: PersonRequest, person_id: int) -> HttpResponseBase:
    """POST reason, next. Nobody resets their own: they are not among those they see."""
    person, at = _account(request, person_id), database_now()
    try:
        reset_second_factor(
            person=person, reason=request.POST.get("reason", ""), by=request.user, at=at
        )
    except Refusal as refusal:
        note(
            action="people.second_factor_reset", by=request.user, at=at, obj=person,
            outcome="refused", code=refusal.code,
        )  # fmt: skip
        messages.error(request, _(str(refusal.sentence)))
    else:
        words = _("%(name)s 的第二重验证已重置，登录都已结束。下次登录要重新设。")
        messages.success(request, words % {"name": person.name})
    return _back(request)


@requires(Permission.MANAGE_ACCOUNTS)
@require_POST
def unlock_account(request: PersonRequest, person_id: int) -> HttpResponseBase:
    """POST next."""
    person = _account(request, person_id)
    unlock(person=person, by=request.user, at=database_now())
    messages.success(request, _("%(name)s 现在可以再试着登录了。") % {"name": person.name})
    return _back(request)


def _account(request: PersonRequest, person_id: int) -> Person:
    visible = accounts_visible_to(
        person=request.user, permission=Permission.MANAGE_ACCOUNTS, on=local_date(timezone.now())
    )
    return get_object_or_404(visible, pk=person_id)


def _back(request: PersonRequest) -> HttpResponse:
    """To the page the form stood on, if it is ours."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(wanted if is_ours else "/")
