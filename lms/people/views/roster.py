"""Pages of the roster import: a file, its columns, what it would change, and what came of it."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.people.access import requires, visible_or_404
from lms.people.models import RosterImport
from lms.people.requests import PersonRequest
from lms.people.roles import Permission
from lms.people.roster import acting, jobs, presenting, spreadsheets
from lms.people.roster.forms import ColumnsForm, ConfirmForm, UploadForm
from lms.people.roster.selectors import imports_visible_to
from lms.people.selectors import units_visible_to
from lms.people.tasks import import_queued

PAGE_SIZE = 10
SHOWN_REJECTIONS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@requires(Permission.IMPORT_ROSTER)
@require_GET
def imports_page(request: PersonRequest) -> HttpResponse:
    return _listed(request, UploadForm())


@requires(Permission.IMPORT_ROSTER)
@require_POST
def upload(request: PersonRequest) -> HttpResponse:
    """Take a file in. One that is not taken is said on the same page; nothing of it is kept."""
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            file = form.cleaned_data["file"]
            roster = acting.receive_roster(file=file, by=request.user, at=database_now())
            return redirect("people:import", roster.pk)
        except Refusal as refusal:
            form.add_error("file", refusal.sentence)
    return _listed(request, form, status=400)


@requires(Permission.IMPORT_ROSTER)
@require_GET
def import_page(request: PersonRequest, import_id: int) -> HttpResponse:
    roster = _import(request, import_id)
    at = database_now()
    context = {
        "section": "people",
        "title": roster.file_name,
        "roster": presenting.import_facts(roster, person=request.user),
        "progress": roster.progress,
        "sentence": presenting.progress_sentence(roster, at=at),
    }
    return render(request, "people/import.html", context | _details(roster))


@requires(Permission.IMPORT_ROSTER)
@require_POST
def confirm_columns(request: PersonRequest, import_id: int) -> HttpResponse:
    roster = _import(request, import_id)
    form = ColumnsForm(request.POST, roster=roster)
    if not form.is_valid():
        raise Http404
    return _acted(request, roster, partial(acting.confirm_columns, columns=form.columns()))


@requires(Permission.IMPORT_ROSTER)
@require_POST
def confirm_import(request: PersonRequest, import_id: int) -> HttpResponse:
    form = ConfirmForm(request.POST)
    leaves_out = form.is_valid() and form.cleaned_data["leave_out_foreign"]
    act = partial(acting.confirm_import, leave_out_foreign=leaves_out)
    return _acted(request, _import(request, import_id), act)


@requires(Permission.IMPORT_ROSTER)
@require_POST
def cancel(request: PersonRequest, import_id: int) -> HttpResponse:
    return _acted(request, _import(request, import_id), acting.cancel_import)


@requires(Permission.IMPORT_ROSTER)
@require_GET
def progress(request: PersonRequest, import_id: int) -> HttpResponse:
    roster = _import(request, import_id)
    return JsonResponse(presenting.progress_facts(roster, at=database_now()))


@requires(Permission.IMPORT_ROSTER)
@require_GET
def rejected(request: PersonRequest, import_id: int, suffix: str) -> HttpResponse:
    """The rows that were not imported, as a file to mend and import again."""
    roster = _import(request, import_id)
    write = {"xlsx": spreadsheets.rejected_workbook, "csv": spreadsheets.rejected_text}[suffix]
    return _file(write(roster), f"rejected-{roster.pk}", suffix)


@requires(Permission.IMPORT_ROSTER)
@require_GET
def template(request: PersonRequest, suffix: str) -> HttpResponse:
    if suffix == "csv":
        return _file(spreadsheets.template_text(), "roster", suffix)
    units = units_visible_to(person=request.user, permission=Permission.IMPORT_ROSTER, on=_today())
    return _file(spreadsheets.template_workbook(units.filter(closed_on=None)), "roster", suffix)


def _today() -> date:
    return local_date(database_now())


def _import(request: PersonRequest, import_id: int) -> RosterImport:
    visible = imports_visible_to(person=request.user, on=_today())
    return visible_or_404(visible, RosterImport.objects.all(), by=request.user, pk=import_id)


def _listed(request: PersonRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    found = imports_visible_to(person=request.user, on=_today())
    page_obj = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    facts = [presenting.import_facts(each, person=request.user) for each in page_obj]
    context = {
        "section": "people", "title": _("导入名册"), "form": form, "imports": facts,
        "waiting": found.filter(created_by=request.user, state__in=acting.WAITING).count(),
        "page_obj": page_obj, "page_query": "",
    }  # fmt: skip
    return render(request, "people/imports.html", context, status=status)


def _details(roster: RosterImport) -> dict[str, Any]:
    """What the page of an import shows besides its facts, by its state."""
    rejections = roster.rejections.all()
    return {
        "layout": presenting.layout_sentence(roster) if roster.layout else "",
        "columns": presenting.column_rows(roster),
        "has_own_columns": presenting.has_own_columns(roster),
        "choices": presenting.field_choices(),
        "missing": presenting.missing_columns(roster),
        "preview": presenting.preview_facts(roster),
        "rejections": rejections[:SHOWN_REJECTIONS],
        "rejection_count": rejections.count(),
    }


def _acted(request: PersonRequest, roster: RosterImport, act: Callable[..., None]) -> HttpResponse:
    """Act, then wake the worker: the step is committed. A refusal is said on the import's page."""
    try:
        act(roster=roster, by=request.user, at=database_now())
        if roster.state in jobs.RUNNING:
            import_queued.delay_on_commit(roster.pk)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("people:import", roster.pk)


def _file(content: bytes, name: str, suffix: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{suffix}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=XLSX if suffix == "xlsx" else CSV, headers=headers)
