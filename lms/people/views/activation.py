"""Handing out first sign-ins: who has none yet, and the sheet of codes, shown once."""

from base64 import b64encode
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.common.acts import note
from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.people.access import requires
from lms.people.activation import Issued, issue_codes
from lms.people.activation_list import awaiting_activation, chosen_unit, units_to_choose
from lms.people.models import RosterImport, Unit
from lms.people.requests import PersonRequest
from lms.people.roles import Permission
from lms.people.roster.selectors import import_to_activate
from lms.people.writers.activation_sheet import activation_workbook
from lms.people.writers.qr import qr_picture

PAGE_SIZE = 50
PICTURES = 60  # QR codes on one sheet; a longer one would weigh megabytes


@requires(Permission.IMPORT_ROSTER)
@never_cache
@require_http_methods(["GET", "POST"])
def activation(request: PersonRequest) -> HttpResponseBase:
    return _issue(request) if request.method == "POST" else _list(request)


def _list(request: PersonRequest) -> HttpResponse:
    on = local_date(database_now())
    query, who = request.GET.get("q", "").strip(), request.GET.get("who", "new")
    units = units_to_choose(person=request.user, on=on)
    unit = chosen_unit(units=units, code=request.GET.get("unit", ""))
    import_id = request.GET.get("roster", "")
    roster = import_to_activate(person=request.user, on=on, import_id=import_id)
    found = awaiting_activation(
        person=request.user, on=on, unit=unit, query=query, is_new_only=who != "all", roster=roster
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "people/activation.html",
        {
            "section": "people",
            "title": _("发激活码"),
            "roster": roster,
            "units": units,
            "unit": unit,
            "query": query,
            "who": who,
            "total": page.paginator.count,
            "people": page.object_list,
            "page_obj": page,
            "page_query": _page_query(query, who, unit, roster),
        },
    )


def _page_query(query: str, who: str, unit: Unit | None, roster: RosterImport | None) -> str:
    asked = {"q": query, "who": who, "unit": unit.code if unit else ""}
    return urlencode(asked | ({"roster": roster.pk} if roster else {})) + "&"


def _issue(request: PersonRequest) -> HttpResponseBase:
    at = database_now()
    try:
        issued = issue_codes(people=_ticked(request), by=request.user, at=at)
    except Refusal as refusal:
        _note_refusal(request, refusal, at)
        messages.error(request, _(str(refusal.sentence)))
        return redirect(request.get_full_path())
    workbook = activation_workbook(issued).read()
    return render(
        request,
        "people/activation_sheet.html",
        {
            "section": "people",
            "title": _("激活单"),
            "issued": [_slip(one, has_picture=len(issued) <= PICTURES) for one in issued],
            "back": request.get_full_path(),
            "address": settings.BASE_URL + reverse("people-activate"),
            "expires_at": issued[0].expires_at,
            "workbook": b64encode(workbook).decode("ascii"),
            "file_name": f"activation-{at:%Y%m%d-%H%M}.xlsx",
        },
    )


def _slip(one: Issued, *, has_picture: bool) -> dict[str, Any]:
    picture = qr_picture(one.link) if has_picture else ""
    return {"person": one.person, "code": one.code, "picture": picture}


def _ticked(request: HttpRequest) -> list[int]:
    """The ticks of the list; what is no number is nobody (0), and refuses them all."""
    ticks = request.POST.getlist("people")
    return [int(one) if one.isdecimal() and len(one) < 19 else 0 for one in ticks]


def _note_refusal(request: HttpRequest, refusal: Refusal, at: Any) -> None:
    note(
        action="people.activation_code_issued", by=request.user, at=at, outcome="refused",
        code=refusal.code, address=request.META.get("REMOTE_ADDR") or None,
    )  # fmt: skip
