"""A person's postings: transfer, and correction of the last one."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.common.wording import full_day_text
from lms.people.access import requires
from lms.people.forms.changes import CorrectionForm, PostingForm
from lms.people.models import Person, Posting, RoleGrant
from lms.people.requests import PersonRequest
from lms.people.roles import Permission
from lms.people.seeing import person_seen
from lms.people.selectors import grants_by_place, posting_on, units_visible_to
from lms.people.transferring import correct_posting, has_facts, transfer

UNITS_OFFERED = 400


@requires(Permission.IMPORT_ROSTER)
@require_http_methods(["GET", "POST"])
def transfer_page(request: PersonRequest, staff_number: str) -> HttpResponse:
    at = database_now()
    person = person_seen(
        staff_number=staff_number, by=request.user, permission=Permission.IMPORT_ROSTER, at=at
    )
    if request.method == "GET":
        return _page(request, person, local_date(at))
    form = PostingForm(request.POST, units=_units(request, local_date(at)))
    if form.is_valid():
        try:
            posting = transfer(person=person, by=request.user, at=at, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _said(posting, local_date(at)))
            if _grants(person, posting, local_date(at))[1]:
                messages.warning(request, _roles_left(posting))
            return redirect("people:person", staff_number)
    return _page(request, person, local_date(at), form=form)


@requires(Permission.IMPORT_ROSTER)
@require_POST
def correct(request: PersonRequest, staff_number: str) -> HttpResponse:
    at = database_now()
    person = person_seen(
        staff_number=staff_number, by=request.user, permission=Permission.IMPORT_ROSTER, at=at
    )
    form = CorrectionForm(request.POST, units=_units(request, local_date(at)), prefix="now")
    if form.is_valid():
        try:
            correct_posting(person=person, by=request.user, at=at, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("已更正%(name)s的任职。") % {"name": person.name})
            return redirect("people:person", staff_number)
    return _page(request, person, local_date(at), correction=form)


def _page(
    request: PersonRequest,
    person: Person,
    today: date,
    form: PostingForm | None = None,
    correction: CorrectionForm | None = None,
) -> HttpResponse:
    units = _units(request, today)
    postings = list(person.postings.select_related("unit").order_by("-from_date"))
    current = postings[0] if postings else None
    here, elsewhere = _grants(person, current, today)
    shown = form or PostingForm(units=units, initial=_level_of(current))
    if correction is None and current is not None:
        correction = CorrectionForm(units=units, initial=_facts_of(current), prefix="now")
    return render(
        request,
        "people/transfer.html",
        {
            "section": "people",
            "title": _("%(name)s的任职") % {"name": person.name},
            "person": person,
            "postings": [(p, p.unit.name_on(p.to_date or today)) for p in postings],
            "current": current,
            "serving": posting_on(person=person, on=today),
            "form": shown,
            "correction": correction,
            "here": here,
            "elsewhere": elsewhere,
            "is_fixed": current is not None and has_facts(current),
            "units": units.filter(closed_on__isnull=True)[:UNITS_OFFERED],
        },
    )


def _said(posting: Posting, today: date) -> str:
    facts = {"name": posting.person.name, "unit": posting.unit.name}
    if posting.from_date > today:
        said = _("%(name)s从%(day)s起调到%(unit)s。以前的学时留在原单位名下。")
        return said % {**facts, "day": full_day_text(posting.from_date)}
    return _("%(name)s已调到%(unit)s。以前的学时留在原单位名下。") % facts


def _roles_left(posting: Posting) -> str:
    said = _("%(name)s还担任别处的角色，不包括%(unit)s。调动不收回角色，不再担任的要收回。")
    return said % {"name": posting.person.name, "unit": posting.unit.name}


def _grants(
    person: Person, current: Posting | None, today: date
) -> tuple[list[RoleGrant], list[RoleGrant]]:
    if current is None:
        return [], []
    return grants_by_place(person=person, unit=current.unit, on=today)


def _level_of(current: Posting | None) -> dict[str, Any]:
    return {"post_level": current.post_level, "rank": current.rank} if current else {}


def _facts_of(current: Posting) -> dict[str, Any]:
    return {
        "unit": f"{current.unit.code} {current.unit.name}",
        "title": current.title,
        "from_date": current.from_date,
        **_level_of(current),
    }


def _units(request: PersonRequest, on: date) -> Any:
    return units_visible_to(person=request.user, permission=Permission.IMPORT_ROSTER, on=on)
