"""Questions to the lecturer, on the study page of a livestream."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.catalogue.models import CourseUnit
from courses.learning.presenting import unit_url
from courses.learning.questions import questions_context
from courses.learning.views.opening import unit_open_to
from lms.common.clock import database_now
from lms.common.errors import Refusal
from lms.people.access import signed_in
from lms.people.requests import PersonRequest
from media.live import questions
from media.live.selectors import planned_livestream
from media.models import Livestream


@signed_in
@require_http_methods(["GET", "POST"])
def unit_questions(request: PersonRequest, unit_key: UUID) -> HttpResponse:
    """GET: the questions, as a piece of the page. POST `text`, `client_key`: ask one."""
    unit = unit_open_to(request, unit_key)
    livestream = _livestream_of(unit)
    if request.method == "GET":
        context = {"questions": questions_context(livestream, request.user)}
        return render(request, "learning/partials/question_list.html", context)
    if not request.posting or not unit.package.live:
        raise Http404
    try:
        questions.ask(
            livestream=livestream,
            text=request.POST.get("text", ""),
            client_key=_key_of(request),
            by=request.user,
            at=database_now(),
        )
    except Refusal as refusal:
        if _wants_json(request):
            return JsonResponse(_in_words(refusal), status=refusal.status)
        messages.error(request, _(str(refusal.sentence)))
    else:
        if _wants_json(request):
            return JsonResponse(
                {"message": _("已经交给主持人。公开和答复会出现在这里。")}, status=201
            )
        messages.success(request, _("已经交给主持人。公开和答复会出现在这里。"))
    return redirect(unit_url(unit.key) + "#questions")


def _livestream_of(unit: CourseUnit) -> Livestream:
    livestream = planned_livestream(unit.video) if unit.video else None
    if livestream is None:
        raise Http404
    return livestream


def _key_of(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("client_key", ""))
    except ValueError:
        raise questions.QuestionKeyUsed from None


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _in_words(refusal: Refusal) -> dict[str, Any]:
    return {"code": refusal.code, "message": _(str(refusal.sentence))}
