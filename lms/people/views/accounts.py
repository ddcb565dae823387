"""What a security administrator does to accounts: unlock, reset what people sign in with."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.common.acts import note
from lms.common.clock import database_now
from lms.common.errors import Refusal
from lms.people.access import requires
from lms.people.models import Person
from lms.people.requests import PersonRequest
from lms.people.roles import Permission
from lms.people.second_factors import reset_second_factor
from lms.people.seeing import person_seen
from lms.people.throttle import unlock_account as unlock


@requires(Permission.MANAGE_ACCOUNTS)
@require_POST
def reset_factor(request: PersonRequest, staff_number: str) -> HttpResponseBase:
    """POST reason."""
    at = database_now()
    person = _account(request, staff_number, at)
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
    return redirect("people:person", person.staff_number)


@requires(Permission.MANAGE_ACCOUNTS)
@require_POST
def unlock_account(request: PersonRequest, staff_number: str) -> HttpResponseBase:
    at = database_now()
    person = _account(request, staff_number, at)
    unlock(person=person, by=request.user, at=at)
    messages.success(request, _("%(name)s 现在可以再试着登录了。") % {"name": person.name})
    return redirect("people:person", person.staff_number)


def _account(request: PersonRequest, staff_number: str, at: datetime) -> Person:
    """Nobody resets or unlocks themselves."""
    person = person_seen(
        staff_number=staff_number, by=request.user, permission=Permission.MANAGE_ACCOUNTS, at=at
    )
    if person.pk == request.user.pk:
        raise Http404
    return person
