"""Roles: who holds which where, giving one, taking one back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.people.abilities import abilities_of, span_words
from lms.people.access import requires
from lms.people.directory import postings_of
from lms.people.forms.people import GrantForm, RevokeForm, initial_grant
from lms.people.granting import check_grant, grant_role, mandates_of
from lms.people.models import Person, RoleGrant
from lms.people.presenting import grant_row, grantable_roles
from lms.people.requests import PersonRequest
from lms.people.revoking import revoke_role
from lms.people.roles import ADMINISTRATORS, Permission, Role
from lms.people.seeing import grant_seen, person_seen
from lms.people.selectors import (
    grants_visible_to,
    persons_visible_to,
    posting_on,
    unended_grants,
    units_visible_to,
)

PAGE_SIZE, CANDIDATES, UNITS_OFFERED = 25, 10, 400
UNPROCESSABLE = 422


@requires(Permission.GRANT_ROLES)
@require_GET
def roles_page(request: PersonRequest) -> HttpResponse:
    """Grants in one's units, and finding the person to give one to."""
    today = local_date(database_now())
    mandates = mandates_of(person=request.user, on=today)
    role, who = request.GET.get("role", ""), request.GET.get("who", "").strip()[:40]
    offered = grantable_roles(mandates)
    grants = grants_visible_to(person=request.user, on=today).filter(unended_grants(today))
    if role in {each["value"] for each in offered}:
        grants = grants.filter(role=role)
    page_obj = Paginator(grants.order_by("role", "unit__path", "pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "section": "people",
        "title": _("角色授权"),
        "rows": [
            grant_row(
                each,
                on=today,
                mandates=[] if each.person_id == request.user.pk else mandates,
            )
            for each in page_obj
        ],
        "roles": offered,
        "role": role,
        "who": who,
        "candidates": _candidates(request, who),
        "page_obj": page_obj,
        "page_query": f"role={role}&" if role else "",
    }
    return render(request, "people/roles.html", context)


@requires(Permission.GRANT_ROLES)
@require_http_methods(["GET", "POST"])
def grant(request: PersonRequest, staff_number: str) -> HttpResponse:
    """The form; then what it means in words, to be confirmed; then the grant."""
    at = database_now()
    person = person_seen(
        staff_number=staff_number, by=request.user, permission=Permission.GRANT_ROLES, at=at
    )
    if request.method == "GET":
        return _grant_page(request, person, _blank_form(request, person))
    form, is_confirmed = GrantForm(request.POST), bool(request.POST.get("confirmed"))
    if form.is_valid():
        try:
            return _give_or_ask(request, person, form, is_confirmed=is_confirmed)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
    return _grant_page(request, person, form, status=UNPROCESSABLE)


@requires(Permission.GRANT_ROLES)
@require_http_methods(["GET", "POST"])
def revoke(request: PersonRequest, grant_id: int) -> HttpResponse:
    at = database_now()
    found = grant_seen(grant_id=grant_id, by=request.user, at=at)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            revoke_role(grant=found, by=request.user, at=at, reason=reason)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            said = {"name": found.person.name, "role": found.get_role_display()}
            messages.success(request, _("已收回%(name)s的%(role)s，现在起不再有效。") % said)
            return redirect("people:roles")
    return _revoke_page(request, found, form)


def _give_or_ask(
    request: PersonRequest, person: Person, form: GrantForm, *, is_confirmed: bool
) -> HttpResponse:
    at, wish = database_now(), form.wish()
    if not is_confirmed:
        check_grant(person=person, by=request.user, at=at, **wish)
        return _grant_page(request, person, form, asks=_in_words(wish))
    grant_role(person=person, by=request.user, at=at, reason=form.cleaned_data["reason"], **wish)
    said = {"role": Role(wish["role"]).label, "name": person.name, "unit": wish["unit"].name}
    messages.success(request, _("%(name)s现在是%(unit)s的%(role)s。") % said)
    return redirect("people:roles")


def _grant_page(
    request: PersonRequest,
    person: Person,
    form: GrantForm,
    *,
    asks: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    today = local_date(database_now())
    units = units_visible_to(person=request.user, permission=Permission.GRANT_ROLES, on=today)
    held = person.role_grants.filter(unended_grants(today)).select_related("unit")
    context = {
        "section": "people",
        "title": _("授予角色"),
        "person": person,
        "posting": posting_on(person=person, on=today),
        "form": form,
        "roles": grantable_roles(mandates_of(person=request.user, on=today)),
        "chosen": form["role"].value() or "",
        "units": units.order_by("path").values_list("code", "name")[:UNITS_OFFERED],
        "held": held,
        "administrator": next((g for g in held if g.role in ADMINISTRATORS), None),
        "asks": asks,
    }
    return render(request, "people/grant.html", context, status=status)


def _blank_form(request: PersonRequest, person: Person) -> GrantForm:
    today = local_date(database_now())
    posting = posting_on(person=person, on=today)
    ends = [mandate.until for mandate in mandates_of(person=request.user, on=today)]
    until = max(end for end in ends if end) if ends and all(ends) else None
    unit = posting.unit if posting else None
    return GrantForm(initial=initial_grant(today=today, unit=unit, until=until))


def _in_words(wish: dict[str, Any]) -> dict[str, Any]:
    return {
        "role": Role(wish["role"]).label,
        "unit": wish["unit"],
        "has_below": wish["unit"].children.exists(),
        "span": span_words(wish["from_date"], wish["to_date"]),
        "abilities": abilities_of(wish["role"]),
    }


def _revoke_page(request: PersonRequest, grant: RoleGrant, form: RevokeForm) -> HttpResponse:
    context = {
        "section": "people",
        "title": _("收回角色"),
        "grant": grant,
        "span": span_words(grant.from_date, grant.to_date),
        "abilities": abilities_of(grant.role),
        "form": form,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "people/revoke.html", context, status=status)


def _candidates(request: PersonRequest, who: str) -> list[dict[str, Any]]:
    """People of one's units with that number or name."""
    if not who:
        return []
    today = local_date(database_now())
    visible = persons_visible_to(person=request.user, permission=Permission.GRANT_ROLES, on=today)
    found = list(visible.filter(Q(staff_number=who) | Q(name=who)).order_by("pk")[:CANDIDATES])
    postings = postings_of(found, on=today)
    return [{"person": person, "posting": postings[person.pk]} for person in found]
