"""Merging two accounts of one person: choose, see what adds up, confirm; take it back."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.people.access import requires, visible_or_404
from lms.people.duplicates import likely_duplicates
from lms.people.forms.changes import PairForm, ReasonForm
from lms.people.models import Person, PersonMerge
from lms.people.requests import PersonRequest
from lms.people.roles import Permission
from lms.people.selectors import persons_visible_to, posting_on
from lms.people.uniting import merge_persons, merge_preview, undo_merge

RECENT = 20


@requires(Permission.MERGE_PERSONS)
@require_http_methods(["GET", "POST"])
def merge_page(request: PersonRequest) -> HttpResponse:
    """GET asks for two persons, then shows what merging them would do; POST does it.

    `?kept=` alone fills the first of the two in.
    """
    at = database_now()
    persons, choice = _persons(request, local_date(at)), request.POST or request.GET
    given = {"kept": choice.get("kept", "")}
    pair = PairForm(choice if "merged" in choice else None, persons=persons, initial=given)
    reason = ReasonForm(request.POST or None)
    if not pair.is_valid():
        return _choose(request, pair, persons, at)
    try:
        if reason.is_valid():
            _merge(request, pair, reason, at)
            return redirect("people:merge")
        preview = merge_preview(by=request.user, at=at, **pair.cleaned_data)
    except Refusal as refusal:
        pair.add_error(None, refusal.sentence)
        return _choose(request, pair, persons, at)
    return render(request, "people/merge.html", _shown(preview, reason, local_date(at)))


@requires(Permission.MERGE_PERSONS)
@require_http_methods(["GET", "POST"])
def undo_page(request: PersonRequest, merge_id: int) -> HttpResponse:
    at = database_now()
    visible = _merges(_persons(request, local_date(at)))
    merge = visible_or_404(visible, PersonMerge.objects.all(), by=request.user, pk=merge_id)
    reason = ReasonForm(request.POST or None)
    if not reason.is_valid():
        context = {"section": "units", "title": _("撤销合并"), "merge": merge, "reason": reason}
        return render(request, "people/merge_undo.html", context)
    try:
        undo_merge(merge=merge, reason=reason.cleaned_data["reason"], by=request.user, at=at)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        said = _("已撤销。%(number)s 又是单独的账号，可以登录。")
        messages.success(request, said % {"number": merge.merged.staff_number})
    return redirect("people:merge")


def _merge(request: PersonRequest, pair: PairForm, reason: ReasonForm, at: datetime) -> None:
    kept, merged = pair.cleaned_data["kept"], pair.cleaned_data["merged"]
    merge_persons(
        kept=kept, merged=merged, reason=reason.cleaned_data["reason"], by=request.user, at=at,
        seen=request.POST.get("seen", ""),
    )  # fmt: skip
    messages.success(request, _said(kept, merged))


def _persons(request: PersonRequest, on: date) -> QuerySet[Person]:
    return persons_visible_to(person=request.user, permission=Permission.MERGE_PERSONS, on=on)


def _merges(persons: QuerySet[Person]) -> QuerySet[PersonMerge]:
    merges = PersonMerge.objects.filter(kept__in=persons.values("pk"))
    return merges.select_related("kept", "merged", "by", "undone_by")


def _choose(
    request: PersonRequest, pair: PairForm, persons: QuerySet[Person], at: datetime
) -> HttpResponse:
    merges = [
        (m, m.undone_at is None and at <= m.reversible_until) for m in _merges(persons)[:RECENT]
    ]
    return render(
        request,
        "people/merge_choose.html",
        {
            "section": "units",
            "title": _("合并重复人员"),
            "pair": pair,
            "days": settings.QIANGJI["MERGE_REVERSIBLE_DAYS"],
            "duplicates": likely_duplicates(persons),
            "merges": merges,
        },
    )


def _shown(preview: Any, reason: ReasonForm, today: date) -> dict[str, Any]:
    persons = (preview.kept, preview.merged)
    return {
        "section": "units",
        "title": _("合并重复人员"),
        "preview": preview,
        "who": [(p, posting_on(person=p, on=today)) for p in persons],
        "total_doubled": sum((line.doubled for line in preview.sums), 0),
        "reason": reason,
    }


def _said(kept: Person, merged: Person) -> str:
    return _("已合并。%(merged)s 不能再登录，记录都算在 %(name)s（%(kept)s）名下。") % {
        "merged": merged.staff_number,
        "name": kept.name,
        "kept": kept.staff_number,
    }
