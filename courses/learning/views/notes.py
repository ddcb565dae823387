"""A person's notes: beside the lecture, all together, and as a file."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.learning import notes
from courses.learning.models import LectureNote
from courses.learning.presenting import unit_url
from courses.learning.shelf import shelf
from courses.learning.views.opening import unit_open_to
from lms.common.clock import database_now
from lms.common.errors import Refusal
from lms.common.wording import clock_text
from lms.people.access import signed_in, visible_or_404
from lms.people.models import Person
from lms.people.requests import PersonRequest

UNITS_A_PAGE = 10


def notes_context(
    person: Person, unit_key: UUID, deleted: LectureNote | None = None
) -> dict[str, Any]:
    """`notes` of learning/partials/notes.html."""
    return {
        "unit_key": unit_key,
        "rows": list(notes.notes_of(person=person, unit_key=unit_key)),
        "deleted": deleted if unit_key in shelf().units else None,
        "client_key": str(uuid4()),  # a form sent twice writes one note
    }


@signed_in
@require_POST
def unit_notes(request: PersonRequest, unit_key: UUID) -> HttpResponse:
    """Write one: `text`, `client_key`, `at_seconds` ("" for where the person last watched)."""
    unit = unit_open_to(request, unit_key)
    second = request.POST.get("at_seconds", "")
    try:
        notes.write_note(
            person=request.user,
            unit=unit,
            key=_key_of(request),
            at_seconds=int(second) if second.isascii() and second.isdecimal() else None,
            text=request.POST.get("text", ""),
            at=database_now(),
        )
    except Refusal as refusal:
        return _refused(request, refusal, unit_key)
    return _done(request, unit_key, _("记下了。"))


@signed_in
@require_POST
def note(request: PersonRequest, note_key: UUID) -> HttpResponse:
    """`act` "change" with `text`, or "delete". A note that is gone is no error: it is what was wanted."""
    everything = LectureNote.objects.all()
    if not everything.filter(key=note_key).exists():
        return _done(request, None, _("这条笔记已经删除。"))
    own = everything.filter(person=request.user)
    known = visible_or_404(own, everything, by=request.user, key=note_key)
    if request.POST.get("act") == "delete":
        deleted = notes.delete_note(person=request.user, key=note_key)
        return _done(request, known.unit_key, _("删掉了。"), deleted)
    try:
        text = request.POST.get("text", "")
        notes.change_note(person=request.user, key=note_key, text=text, at=database_now())
    except Refusal as refusal:
        return _refused(request, refusal, known.unit_key)
    return _done(request, known.unit_key, _("改好了。"))


@signed_in
@require_GET
def all_notes(request: PersonRequest) -> HttpResponse:
    """Every unit noted, the one noted last first; `q` finds words in the notes."""
    query = request.GET.get("q", "").strip()[:80]
    keys = notes.units_noted(person=request.user, query=query)
    page = Paginator(keys, UNITS_A_PAGE).get_page(request.GET.get("page"))
    groups = [
        {
            "title": one.unit.title if one.unit else _("已经下架的一讲"),
            "course": one.unit.package.title if one.unit else "",
            "url": unit_url(one.unit_key) if one.unit_key in shelf().units else "",
            "notes": {"unit_key": one.unit_key, "rows": one.notes},
        }
        for one in notes.noted(person=request.user, keys=list(page.object_list), query=query)
    ]
    context = {
        "title": _("我的笔记"), "query": query, "groups": groups, "page_obj": page,
        "page_query": urlencode({"q": query}) + "&" if query else "",
    }  # fmt: skip
    return render(request, "learning/notes.html", context)


@signed_in
@require_GET
def notes_file(request: PersonRequest) -> HttpResponse:
    """All of them as text, to keep or print."""
    keys = notes.units_noted(person=request.user)
    lines = [_("我的笔记"), f"{request.user.name} {localtime(database_now()):%Y-%m-%d %H:%M}", ""]
    for one in notes.noted(person=request.user, keys=keys):
        title = f"{one.unit.package.title} · {one.unit.title}" if one.unit else _("已经下架的一讲")
        lines += [title, *(f"{clock_text(row.at_seconds)}  {row.text}" for row in one.notes), ""]
    # The mark tells old text editors that this is UTF-8.
    body = "\ufeff" + "\r\n".join("\n".join(lines).split("\n"))
    answer = HttpResponse(body, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="notes.txt"'
    return answer


def _key_of(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("client_key", ""))
    except ValueError:
        raise notes.NoteKeyUsed from None


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _done(
    request: PersonRequest, unit_key: UUID | None, said: str, deleted: LectureNote | None = None
) -> HttpResponse:
    if not _wants_json(request):
        messages.success(request, said)
        return _back(request, unit_key)
    facts = {"message": said}
    if unit_key is not None:
        context = {
            "notes": notes_context(request.user, unit_key, deleted),
            "url": unit_url(unit_key) if unit_key in shelf().units else "",
            "from_all": request.POST.get("from") == "all",
        }
        facts["list"] = render_to_string("learning/partials/note_list.html", context, request)
    return JsonResponse(facts)


def _refused(request: PersonRequest, refusal: Refusal, unit_key: UUID) -> HttpResponse:
    sentence = _(str(refusal.sentence))
    if _wants_json(request):
        return JsonResponse({"code": refusal.code, "message": sentence}, status=refusal.status)
    messages.error(request, sentence)
    return _back(request, unit_key)


def _back(request: PersonRequest, unit_key: UUID | None) -> HttpResponse:
    if unit_key is None or request.POST.get("from") == "all":
        return redirect(reverse("all-notes"))
    return redirect(unit_url(unit_key) + "#notes")
