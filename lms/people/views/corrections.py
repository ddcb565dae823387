"""Requests for correction as a unit's administrators see them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.common.masking import masked_id_number
from lms.people.access import personal_data_read, requires, visible_or_404
from lms.people.corrections import answer_correction, corrections_visible_to
from lms.people.forms.corrections import AnswerForm
from lms.people.models import CorrectionRequest
from lms.people.requests import PersonRequest
from lms.people.roles import Permission
from lms.people.selectors import has_permission

PAGE_SIZE = 20


@requires(Permission.READ_PEOPLE)
@require_GET
def corrections_page(request: PersonRequest) -> HttpResponse:
    at = database_now()
    found = corrections_visible_to(person=request.user, on=local_date(at))
    page_obj = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    for person in {each.person for each in page_obj}:
        personal_data_read(of=person, by=request.user, at=at, what="correction")
    return render(
        request,
        "people/corrections.html",
        {
            "section": "people",
            "title": _("更正申请"),
            "waiting": found.filter(state=CorrectionRequest.State.WAITING).count(),
            "requests": [_facts(each, request) for each in page_obj],
            "page_obj": page_obj,
            "page_query": "",
            "may_reveal": _may_reveal(request),
        },
    )


@requires(Permission.READ_PEOPLE)
@require_POST
def answer(request: PersonRequest, request_id: int) -> HttpResponse:
    at, form = database_now(), AnswerForm(request.POST)
    visible = corrections_visible_to(person=request.user, on=local_date(at))
    asked = visible_or_404(visible, CorrectionRequest.objects.all(), by=request.user, pk=request_id)
    if not form.is_valid():
        messages.error(request, _("请选结论，并写一句答复本人的话，至少 4 个字。"))
        return redirect("people:corrections")
    try:
        answer_correction(request=asked, by=request.user, at=at, **form.cleaned_data)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request, _("已答复%(name)s，本人在「我的资料」里能看到。") % {"name": asked.person}
        )
    return redirect("people:corrections")


def _facts(each: CorrectionRequest, request: PersonRequest) -> dict:
    return {
        "request": each,
        "masked_id_number": masked_id_number(each.person.id_number),
        "is_own": each.person_id == request.user.pk,
        "form": AnswerForm(auto_id=f"id_%s_{each.pk}"),
    }


def _may_reveal(request: PersonRequest) -> bool:
    today = local_date(database_now())
    return has_permission(person=request.user, permission=Permission.REVEAL_ID_NUMBER, on=today)
