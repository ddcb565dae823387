"""My record: the year's two buckets, every entry with its why, what is still missing, the export."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lms.common.clock import database_now, local_date
from lms.credits.models import Bucket, LedgerEntry
from lms.people.access import signed_in
from lms.people.requests import PersonRequest
from lms.people.selectors import identity_ids
from lms.portal.record import Record, explained, lines_of, record_of
from lms.portal.spreadsheets import record_workbook
from lms.portal.why import why_entry
from lms.portal.years import cycle_rows, figures_of, in_person_bucket, online_bucket

PAGE_SIZE = 20
Line = dict[str, Any]
FILTERS: dict[str, Callable[[Line], bool]] = {
    "all": lambda line: True,
    "online": lambda line: line["bucket"] == Bucket.ONLINE,
    "in_person": lambda line: line["bucket"] == Bucket.IN_PERSON,
    "missing": lambda line: line["state"] in {"short", "cap_reached"},
}


@signed_in
@require_GET
def record_page(request: PersonRequest) -> HttpResponse:
    today = local_date(database_now())
    record = record_of(person=request.user, year=_year(request, today.year), today=today)
    lines, chosen = lines_of(record), request.GET.get("show", "all")
    shown = [line for line in lines if FILTERS.get(chosen, FILTERS["all"])(line)]
    page_obj = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    rules = figures_of(record.policy)
    this_year = record.year == today.year
    return render(
        request,
        "portal/record.html",
        {
            "section": "record",
            "title": _("我的学时档案"),
            "person": _person(record),
            "is_own": True,
            "year": record.year,
            "years": [{"year": y, "url": f"?year={y}"} for y in _years(record, today.year)],
            "is_empty": not lines and not record.totals,
            "online": online_bucket(
                record.earned(Bucket.ONLINE), record.required.online, today if this_year else None
            ),
            "in_person": in_person_bucket(
                record.earned(Bucket.IN_PERSON), record.required.in_person, rules
            ),
            "today_is_in_year": this_year,
            "cycle": cycle_rows(record.totals, record.required, record.year, today.year),
            "entry_count": len(record.entries),
            "filters": _filters(lines, chosen, record.year),
            "entries": [explained(line) for line in page_obj],
            "page_obj": page_obj,
            "page_query": f"year={record.year}&show={chosen}&" if chosen in FILTERS else "",
            "export_url": f"export.xlsx?year={record.year}",
            "starts": _starts(),
        },
    )


@signed_in
@require_GET
def why_json(request: PersonRequest, sequence: int) -> HttpResponse:
    """One entry's explanation as a file to keep or to send; `?of=` names a merged account's."""
    account = request.GET.get("of", request.user.staff_number)
    entry = (
        LedgerEntry.objects.filter(
            person__in=identity_ids(request.user), person__staff_number=account, sequence=sequence
        )
        .select_related("person", "policy_version__policy", "posting__unit", "actor")
        .select_related("archived__package")
        .first()
    )
    if entry is None:
        raise Http404
    answer = JsonResponse(
        {"title": entry.title, "hours": str(entry.hours), **why_entry(entry)},
        json_dumps_params={"ensure_ascii": False, "indent": 2, "default": str},
    )
    answer["Content-Disposition"] = f'attachment; filename="why-{sequence}.json"'
    return answer


@signed_in
@require_GET
def export(request: PersonRequest) -> FileResponse:
    """The year's entries as a spreadsheet."""
    today = local_date(database_now())
    record = record_of(person=request.user, year=_year(request, today.year), today=today)
    name = _("学时档案") + f"-{record.person.name}-{record.year}.xlsx"
    return FileResponse(record_workbook(record), as_attachment=True, filename=name)


def _year(request: PersonRequest, this_year: int) -> int:
    wanted = request.GET.get("year", "")
    if not wanted:
        return this_year
    known = range(2000, this_year + 1)
    year = next((year for year in known if wanted == str(year)), None)
    if year is None:
        raise Http404
    return year


def _years(record: Record, this_year: int) -> list[int]:
    known = {year for year, _bucket in record.totals} | {this_year, record.year}
    return sorted(known, reverse=True)[:6]


def _person(record: Record) -> dict[str, str]:
    posting = record.posting
    return {
        "name": record.person.name,
        "unit": posting.unit.name_on(record.on) if posting else "",
        "post": posting.title if posting else "",
    }


def _filters(lines: list[Line], chosen: str, year: int) -> list[dict[str, Any]]:
    missing = sum(1 for line in lines if FILTERS["missing"](line))
    names = {
        "all": _("全部"),
        "online": _("网络学习"),
        "in_person": _("集中培训"),
        "missing": _("没得到的 %(count)s") % {"count": missing},
    }
    return [
        {"label": name, "url": f"?year={year}&show={key}", "is_on": key == chosen}
        for key, name in names.items()
        if key != "missing" or missing
    ]


def _starts() -> list[dict[str, str]]:
    return [
        {
            "icon": "book",
            "title": _("从必修课程开始"),
            "sentence": _("看完一个单元就记学时，随时可以停，下次接着看。"),
            "url": "/courses/?kind=required",
        },
        {
            "icon": "clock",
            "title": _("先看一个短的"),
            "sentence": _("15 分钟以内的课，看完记 0.25 学时。"),
            "url": "/courses/?length=short&sort=shortest",
        },
        {
            "icon": "scale",
            "title": _("看看学时怎么算"),
            "sentence": _("每一笔都有规则、算式和证据。"),
            "url": "/guide/hours/",
        },
    ]
