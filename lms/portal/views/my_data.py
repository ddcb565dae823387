"""My data: what is kept about me, who looked at it, all of it to take along, and what is wrong with it."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.journal.selectors import readings_of
from lms.journal.words import label_of
from lms.people.access import signed_in
from lms.people.corrections import ask_correction, corrections_of
from lms.people.forms.corrections import CorrectionForm
from lms.people.requests import PersonRequest
from lms.portal.my_data import as_json, note_export, rooms_of, write_workbook

SHOWN_READINGS = 20


@signed_in
@require_GET
def my_data_page(request: PersonRequest) -> HttpResponse:
    return _page(request, CorrectionForm())


@signed_in
@require_POST
def ask(request: PersonRequest) -> HttpResponse:
    """Ask for a correction."""
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        ask_correction(by=request.user, at=database_now(), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, form, status=refusal.status)
    messages.success(request, _("已经交给你单位的培训管理员，答复会显示在这里。"))
    return redirect("my-data")


@signed_in
@require_GET
def export_json(request: PersonRequest) -> Any:
    at = database_now()
    note_export(form="json", by=request.user, at=at)
    name = f"my-data-{local_date(at)}.json"
    return StreamingHttpResponse(
        as_json(request.user, at),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@signed_in
@require_GET
def export_xlsx(request: PersonRequest) -> FileResponse:
    at = database_now()
    note_export(form="xlsx", by=request.user, at=at)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "my-data.xlsx"
        write_workbook(request.user, path, at)
        # The open file outlives its name.
        name = _("我的资料") + f"-{local_date(at)}.xlsx"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _page(request: PersonRequest, form: CorrectionForm, status: int = 200) -> HttpResponse:
    rooms = rooms_of(request.user)
    readings = list(readings_of(request.user)[:SHOWN_READINGS])
    context = {
        "title": _("我的资料"),
        "rooms": rooms,
        "row_count": sum(table["count"] for room in rooms for table in room["tables"]),
        "readings": [{"entry": each, "label": label_of(each.action)} for each in readings],
        "corrections": corrections_of(request.user),
        "form": form,
    }
    return render(request, "portal/my_data.html", context, status=status)
