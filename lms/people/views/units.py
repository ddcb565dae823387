"""Pages of the unit tree: browse, and rename, move or merge after a preview."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.people.access import requires, visible_or_404
from lms.people.forms.changes import ReasonForm, RenameForm
from lms.people.models import Unit, UnitChange
from lms.people.reorganising import merge_units, move_unit, places_of, rename_unit
from lms.people.requests import PersonRequest
from lms.people.roles import Permission
from lms.people.selectors import has_permission, units_visible_to
from lms.people.unit_browsing import (
    SHOWN,
    ancestors_of,
    found_units,
    rows_of,
    targets_of,
    top_units,
)
from lms.people.unit_checks import check_merge, check_move, check_rename
from lms.people.unit_effects import (
    Effects,
    effects_of_merge,
    effects_of_move,
    effects_of_rename,
)

QUERY_LENGTH = 60


@requires(Permission.MANAGE_UNITS)
@require_GET
def units_page(request: PersonRequest) -> HttpResponse:
    """Search, and the units at the top of what one manages."""
    today = local_date(database_now())
    visible, query = _visible(request, today), _query(request)
    units = found_units(visible, query) if query else top_units(visible)
    found = list(units.order_by("path")[: SHOWN + 1])
    return render(
        request,
        "people/units.html",
        {
            "section": "units",
            "title": _("单位"),
            "query": query,
            "rows": rows_of(found[:SHOWN], today),
            "has_more": len(found) > SHOWN,
            "total": visible.filter(closed_on__isnull=True).count(),
            "may_merge": has_permission(
                person=request.user, permission=Permission.MERGE_PERSONS, on=today
            ),
        },
    )


@requires(Permission.MANAGE_UNITS)
@require_GET
def unit_page(request: PersonRequest, unit_id: int) -> HttpResponse:
    """One unit: what lies below it, what may be done to it, what was done."""
    today = local_date(database_now())
    visible = _visible(request, today)
    unit = _unit(request, visible, unit_id)
    children = visible.filter(parent=unit).order_by(F("closed_on").asc(nulls_first=True), "path")
    return render(
        request,
        "people/unit.html",
        {
            "section": "units",
            "title": unit.name,
            "row": rows_of([unit], today)[0],
            "ancestors": ancestors_of(unit, visible),
            "rows": rows_of(list(children), today),
            "changes": [_told(change) for change in unit.changes.select_related("by")],
        },
    )


@requires(Permission.MANAGE_UNITS)
@require_http_methods(["GET", "POST"])
def change_unit(request: PersonRequest, unit_id: int, kind: str) -> HttpResponse:
    """GET without a choice asks for one, with a choice shows what would change; POST does it."""
    if kind not in KINDS:
        raise Http404
    at = database_now()
    visible = _visible(request, local_date(at))
    unit, choice = _unit(request, visible, unit_id), request.POST or request.GET
    chosen = _chosen(request, kind, unit, visible, choice)
    reason = ReasonForm(request.POST or None)
    if chosen is None:
        context = _choices(kind, unit, visible, _query(request), choice)
    elif reason.is_valid() and _is_done(request, kind, unit, chosen, reason, at):
        return redirect("people:unit", unit_id)
    else:
        context = _preview(kind, unit, chosen, local_date(at))
    shared = {"section": "units", "title": unit.name, "unit": unit, "kind": kind, "reason": reason}
    return render(request, "people/unit_change.html", {**shared, **context})


def _is_done(
    request: PersonRequest, kind: str, unit: Unit, chosen: Any, reason: ReasonForm, at: datetime
) -> bool:
    """Carries the change out and says so; says why not where it is refused."""
    try:
        said = KINDS[kind](request, unit, chosen, reason.cleaned_data["reason"], at)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return False
    messages.success(request, said)
    return True


def _rename(request: PersonRequest, unit: Unit, chosen: Any, reason: str, at: datetime) -> str:
    rename_unit(unit=unit, name=chosen, reason=reason, by=request.user, at=at)
    return _("已改名为「%(name)s」。以前的学时仍写着原来的名称。") % {"name": chosen}


def _move(request: PersonRequest, unit: Unit, chosen: Any, reason: str, at: datetime) -> str:
    change = move_unit(
        unit=unit, parent=chosen, reason=reason, by=request.user, at=at, seen=_seen(request)
    )
    moved = change.after["subtree"]
    words = ngettext(
        "已移到「%(name)s」下面，一共 %(count)s 个单位。",
        "已移到「%(name)s」下面，一共 %(count)s 个单位。",
        moved,
    )
    return words % {"name": chosen.name, "count": moved}


def _merge(request: PersonRequest, unit: Unit, chosen: Any, reason: str, at: datetime) -> str:
    change = merge_units(
        unit=unit, kept=chosen, reason=reason, by=request.user, at=at, seen=_seen(request)
    )
    return _("已并入「%(name)s」，%(count)s 段任职接着在那里算。以前的学时留在原单位名下。") % {
        "name": chosen.name,
        "count": change.after["postings"],
    }


KINDS: dict[str, Callable[[PersonRequest, Unit, Any, str, datetime], str]] = {
    "rename": _rename,
    "move": _move,
    "merge": _merge,
}


def _visible(request: PersonRequest, on: date) -> QuerySet[Unit]:
    return units_visible_to(person=request.user, permission=Permission.MANAGE_UNITS, on=on)


def _unit(request: PersonRequest, visible: QuerySet[Unit], unit_id: int) -> Unit:
    near = visible.select_related("parent", "merged_into")
    return visible_or_404(near, Unit.objects.all(), by=request.user, pk=unit_id)


def _query(request: PersonRequest) -> str:
    return request.GET.get("q", "").strip()[:QUERY_LENGTH]


def _seen(request: PersonRequest) -> str:
    return request.POST.get("seen", "")


def _chosen(
    request: PersonRequest, kind: str, unit: Unit, visible: QuerySet[Unit], choice: Any
) -> Any:
    """The new name, or the unit named as the target; None while nothing is chosen."""
    if kind == "rename":
        form = RenameForm(choice)
        return form.cleaned_data["name"] if form.is_valid() else None
    wanted = choice.get("target", "")
    if not wanted:
        return None
    is_number = wanted.isdecimal() and len(wanted) < 18
    return _unit(request, visible, int(wanted) if is_number else 0)


def _choices(
    kind: str, unit: Unit, visible: QuerySet[Unit], query: str, choice: Any
) -> dict[str, Any]:
    if kind == "rename":
        return {
            "form": RenameForm(choice if "name" in choice else None, initial={"name": unit.name})
        }
    found = list(targets_of(kind, unit, visible, query)[: SHOWN + 1])
    return {"query": query, "targets": found[:SHOWN], "has_more": len(found) > SHOWN}


def _preview(kind: str, unit: Unit, chosen: Any, on: date) -> dict[str, Any]:
    """What would change, or why it may not."""
    checks: dict[str, Callable[[], None]] = {
        "rename": lambda: check_rename(unit, chosen),
        "move": lambda: check_move(unit, chosen),
        "merge": lambda: check_merge(unit, chosen, on),
    }
    effects: dict[str, Callable[[], Effects]] = {
        "rename": lambda: effects_of_rename(unit, on),
        "move": lambda: effects_of_move(unit, chosen, on),
        "merge": lambda: effects_of_merge(unit, chosen, on),
    }
    shown = {"chosen": chosen, "seen": "" if kind == "rename" else places_of(unit, chosen)}
    try:
        checks[kind]()
    except Refusal as refusal:
        return shown | {"refusal": refusal.sentence}
    return shown | {"effects": effects[kind]()}


def _told(change: UnitChange) -> dict[str, Any]:
    """A line of the unit's history."""
    before, after = change.before, change.after
    told = {
        "rename": lambda: (
            _("「%(before)s」改名为「%(after)s」")
            % {"before": before["name"], "after": after["name"]}
        ),
        "move": lambda: (
            _("从 %(before)s 移到 %(after)s 下面")
            % {"before": before["parent"] or "—", "after": after["parent"]}
        ),
        "merge": lambda: _("并入 %(after)s") % {"after": after["merged_into"]},
    }
    return {
        "sentence": told[change.kind](),
        "reason": change.reason,
        "by": change.by,
        "at": change.at,
    }
