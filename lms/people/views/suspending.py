"""Suspending an account and opening it again."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.common.clock import database_now
from lms.common.errors import Refusal
from lms.people.access import requires
from lms.people.forms.people import ReasonForm
from lms.people.requests import PersonRequest
from lms.people.roles import Permission
from lms.people.seeing import account_seen
from lms.people.suspending import reactivate_account, suspend_account

UNPROCESSABLE = 422


@requires(Permission.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def suspend(request: PersonRequest, staff_number: str) -> HttpResponse:
    done = _("%(name)s的账号已停用，正在用的会话都已结束。")
    return _decide(request, staff_number, suspend_account, done)


@requires(Permission.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def reactivate(request: PersonRequest, staff_number: str) -> HttpResponse:
    done = _("%(name)s的账号已恢复，可以像以前一样登录。")
    return _decide(request, staff_number, reactivate_account, done)


def _decide(
    request: PersonRequest, staff_number: str, act: Callable[..., None], done: str
) -> HttpResponse:
    at, by = database_now(), request.user
    person = account_seen(
        staff_number=staff_number, by=by, permission=Permission.MANAGE_ACCOUNTS, at=at
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            act(person=person, by=by, at=at, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            form.add_error("reason", str(refusal.sentence))
        else:
            messages.success(request, done % {"name": person.name})
            return redirect("people:person", person.staff_number)
    context = {
        "section": "people",
        "person": person,
        "kept": person.merged_into,
        "form": form,
        "is_suspending": act is suspend_account,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "people/account.html", context, status=status)
