"""The list of people and one person's page, as administrators see them."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lms.common.acts import note
from lms.common.clock import database_now, local_date
from lms.common.masking import without_id_numbers
from lms.people.access import personal_data_read, requires
from lms.people.columns import columns
from lms.people.directory import STATES, Wanted, people_found, rows_of
from lms.people.forms.people import SearchForm
from lms.people.models import Posting, Unit
from lms.people.presenting import person_facts
from lms.people.requests import PersonRequest
from lms.people.roles import Permission
from lms.people.seeing import person_seen
from lms.people.selectors import has_permission, units_visible_to
from lms.people.writers.people_list import people_sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_SIZE = 25
# A longer list of suggestions is a burden; the code or the full name can always be typed.
UNITS_OFFERED = 400


@requires(Permission.READ_PEOPLE)
@require_GET
def people_list(request: PersonRequest) -> HttpResponse:
    at = database_now()
    today = local_date(at)
    form = SearchForm(request.GET)
    wanted = form.wanted()
    found = people_found(by=request.user, on=today, wanted=wanted)
    page_obj = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = rows_of(page_obj.object_list, on=today)
    note(
        action="people.list_read",
        by=request.user,
        at=at,
        detail=_noted(wanted) | {"shown": len(rows)},
    )
    units = units_visible_to(person=request.user, permission=Permission.READ_PEOPLE, on=today)
    context = {
        "section": "people",
        "title": _("人员"),
        "rows": rows,
        "columns": columns(),
        "found": page_obj.paginator.count,
        "may": {
            str(permission): has_permission(person=request.user, permission=permission, on=today)
            for permission in (
                Permission.GRANT_ROLES,
                Permission.IMPORT_ROSTER,
                Permission.MERGE_PERSONS,
            )
        },
        "page_obj": page_obj,
        **_filters(form, wanted, units),
    }
    return render(request, "people/list.html", context)


@requires(Permission.READ_PEOPLE)
@require_GET
def export(request: PersonRequest) -> StreamingHttpResponse:
    """Everybody found, as a spreadsheet; who takes it away is on record before it leaves."""
    at = database_now()
    wanted = SearchForm(request.GET).wanted()
    found = people_found(by=request.user, on=local_date(at), wanted=wanted)
    detail = _noted(wanted) | {"people": found.count()}
    note(action="people.list_exported", by=request.user, at=at, detail=detail)
    name = _("人员名单") + f"-{local_date(at).isoformat()}.xlsx"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return StreamingHttpResponse(people_sheet(found, at=at), content_type=XLSX, headers=headers)


@requires(Permission.READ_PEOPLE)
@require_GET
def person_page(request: PersonRequest, staff_number: str) -> HttpResponse:
    at = database_now()
    person = person_seen(
        staff_number=staff_number, by=request.user, permission=Permission.READ_PEOPLE, at=at
    )
    personal_data_read(of=person, by=request.user, at=at, what="profile")
    context = person_facts(person=person, by=request.user, on=local_date(at))
    return render(request, "people/person.html", {"section": "people", **context})


def _asked(wanted: Wanted) -> dict[str, Any]:
    return {
        "q": wanted.words,
        "unit": wanted.unit.code if wanted.unit else "",
        "level": wanted.level,
        "state": wanted.state,
    }


def _noted(wanted: Wanted) -> dict[str, Any]:
    """What was asked, as the journal keeps it: some search for an ID number."""
    return _asked(wanted) | {"q": without_id_numbers(wanted.words)}


def _filters(form: SearchForm, wanted: Wanted, units: QuerySet[Unit]) -> dict[str, Any]:
    """What was asked, what else may be asked, and how to take a condition back."""
    asked = {name: value for name, value in _asked(wanted).items() if value}
    whole = units.order_by("path").first()
    return {
        "wanted": wanted,
        "unit_text": wanted.unit.code if wanted.unit else form.data.get("unit", ""),
        "unit_error": form.errors.get("unit", [""])[0],
        "place": wanted.unit or whole,
        "units": units.order_by("path").values_list("code", "name")[:UNITS_OFFERED],
        "levels": Posting.PostLevel.choices,
        "states": list(zip(STATES, _state_names(), strict=True)),
        "active": [
            {"label": label, "url": "?" + urlencode({k: v for k, v in asked.items() if k != name})}
            for name, label in _labels(wanted).items()
        ],
        "page_query": urlencode(asked) + "&" if asked else "",
        "export_query": "?" + urlencode(asked) if asked else "",
    }


def _labels(wanted: Wanted) -> dict[str, str]:
    named = {
        "q": wanted.words,
        "unit": wanted.unit.name if wanted.unit else "",
        "level": str(dict(Posting.PostLevel.choices).get(wanted.level, "")),
        "state": dict(zip(STATES, _state_names(), strict=True)).get(wanted.state, ""),
    }
    return {name: label for name, label in named.items() if label}


def _state_names() -> list[str]:
    """In the order of STATES."""
    return [_("没登录过"), _("已停用"), _("没有任职")]
