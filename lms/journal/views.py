"""The auditor's pages: the journal by conditions, one row in words, a spreadsheet to take along."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.journal.exporting import export_journal
from lms.journal.forms import ConditionsForm
from lms.journal.models import JournalEntry
from lms.journal.presenting import line_facts, row_facts
from lms.journal.selectors import (
    Place,
    entries_visible_to,
    matching,
    page_after,
    recent_refusals,
    seal_of,
)
from lms.journal.services import record
from lms.people.access import requires, visible_or_404
from lms.people.requests import PersonRequest
from lms.people.roles import Permission

PAGE_SIZE = 50
PLACE = re.compile(r"(\d{1,17})-(\d{1,18})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@requires(Permission.READ_JOURNAL)
@require_GET
def journal_page(request: PersonRequest) -> HttpResponse:
    at, form = database_now(), ConditionsForm(request.GET)
    rows = _rows(request, at)
    found: list[JournalEntry] = []
    following = None
    if form.is_valid():
        place = _place(request.GET.get("before", ""))
        found, following = page_after(matching(rows, form.conditions()), place, PAGE_SIZE)
        record(action="journal.read", by=request.user, at=at, detail=form.asked())
    return render(
        request,
        "journal/list.html",
        {
            "section": "audit",
            "title": _("审计日志"),
            "form": form,
            "is_narrowed": bool(form.asked()),
            "is_first_page": "before" not in request.GET,
            "refusals": recent_refusals(rows, at=at),
            "refusals_url": _address(outcome="refused"),
            "lines": line_facts(found),
            "older_url": _older(request, following),
            "newest_url": f"?{_conditions(request)}",
            "export_url": f"{reverse('journal:export')}?{_conditions(request)}",
        },
    )


@requires(Permission.READ_JOURNAL)
@require_GET
def row_page(request: PersonRequest, entry_id: int) -> HttpResponse:
    at = database_now()
    visible = _rows(request, at).select_related("actor", "posting__unit", "subject")
    entry = visible_or_404(visible, JournalEntry.objects.all(), by=request.user, pk=entry_id)
    record(action="journal.row_read", by=request.user, at=at, obj=entry, subject=entry.subject)
    row = row_facts(entry, seal_of(entry))
    related = {
        "by_actor": _address(person=entry.actor.staff_number) if entry.actor else "",
        "by_object": _address(object_type=entry.object_type, object_id=entry.object_id)
        if entry.object_type
        else "",
    }
    context = {"section": "audit", "title": row["label"], "row": row, **related}
    return render(request, "journal/row.html", context)


@requires(Permission.READ_JOURNAL)
@require_GET
def export(request: PersonRequest) -> Any:
    """The rows that meet the conditions, as a spreadsheet."""
    at, form = database_now(), ConditionsForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('journal:list')}?{_conditions(request)}")
    rows = matching(_rows(request, at), form.conditions())
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.xlsx"
        try:
            export_journal(rows=rows, asked=form.asked(), path=path, by=request.user, at=at)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect(f"{reverse('journal:list')}?{_conditions(request)}")
        # The open file outlives its name.
        name = _("审计日志") + f"-{local_date(at)}.xlsx"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _rows(request: PersonRequest, at: datetime) -> QuerySet[JournalEntry]:
    return entries_visible_to(person=request.user, on=local_date(at))


def _conditions(request: PersonRequest) -> str:
    """The query string without the place in the list."""
    kept = request.GET.copy()
    kept.pop("before", None)
    return kept.urlencode()


def _older(request: PersonRequest, place: Place | None) -> str:
    if place is None:
        return ""
    asked = request.GET.copy()
    asked["before"] = f"{(place.at - EPOCH) // timedelta(microseconds=1)}-{place.id}"
    return f"?{asked.urlencode()}"


def _place(text: str) -> Place | None:
    parts = PLACE.fullmatch(text)
    if parts is None:
        return None
    return Place(EPOCH + timedelta(microseconds=int(parts[1])), int(parts[2]))


def _address(**conditions: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in conditions.items())
    return f"{reverse('journal:list')}?{query}"
