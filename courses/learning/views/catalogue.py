"""The catalogue: search, facets, order, cards or rows; all by GET, so that every state is a link."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from wagtail.models import Page

from courses.catalogue.models import Topic
from courses.catalogue.segmenting import segmented
from courses.learning.lectures import lecture_facts
from courses.learning.lives import lectures_for, matching
from courses.learning.presenting import card
from courses.learning.selectors import Standing, standings
from courses.learning.shelf import ShelfItem, packages_on_shelf, shelf
from courses.learning.views.policy import policy_shown_to, rules_of, unit_of
from lms.credits.rules import Rules
from lms.people.access import public
from media.models import Livestream

PAGE_SIZE = 9
LECTURES = 3


@dataclass(frozen=True)
class Row:
    item: ShelfItem
    standing: Standing | None


@dataclass(frozen=True)
class Facet:
    """One question of the left column; `value_of` says which option a package belongs to."""

    name: str
    key: str
    options: list[tuple[str, str]]
    value_of: Callable[[Row], str]


@public
@public
@require_GET
def catalogue(request: HttpRequest, page: Page | None = None) -> HttpResponse:
    """Wagtail gives the page it found; the address everyone uses needs none."""
    rules = rules_of(policy_shown_to(request))
    everything = _rows(request)
    query = request.GET.get("q", "").strip()[:80]
    searched = _searched(everything, query)
    facets = _facets(signed_in=request.user.is_authenticated)
    chosen = {
        f.key: [v for v in request.GET.getlist(f.key) if v in dict(f.options)] for f in facets
    }
    found = [row for row in searched if _fits(row, facets, chosen)]
    sort = request.GET.get("sort", "required")
    found.sort(key=SORTS.get(sort, SORTS["required"]))
    paginator = Paginator(found, PAGE_SIZE)
    page_obj = paginator.get_page(request.GET.get("page"))
    return render(
        request,
        "learning/catalogue.html",
        {
            "section": "course",
            "shelf_count": len(everything),
            "required_left": _required_left(request, everything),
            "found": len(found),
            "query": query,
            "facets": [_facet(facet, searched, facets, chosen) for facet in facets],
            "active": _active(request, facets, chosen),
            "lectures": _lectures(request, rules, query, page_obj.number),
            "clear_url": "?",
            "sorts": [
                {"value": value, "label": label, "is_on": value == sort}
                for value, label in _sort_names()
            ],
            "view": "list" if request.GET.get("view") == "list" else "cards",
            "cards_url": _with(request.GET, view="cards"),
            "list_url": _with(request.GET, view="list"),
            "cards": [card(row.item, row.standing, rules) for row in page_obj],
            "page_obj": page_obj,
            "page_query": _query_without(request.GET, "page"),
        },
    )


def _rows(request: HttpRequest) -> list[Row]:
    items = shelf().items
    if not request.user.is_authenticated:
        return [Row(item, None) for item in items]
    known = standings(person=request.user, items=items)
    return [Row(item, known[item.key]) for item in items]


def _lectures(
    request: HttpRequest, rules: Rules, query: str, page_number: int
) -> list[dict[str, Any]]:
    """Above the first page of courses: lectures on now and next, or those a search finds."""
    if page_number > 1:
        return []
    at = timezone.now()
    found = lectures_for(unit=unit_of(request), at=at)
    shown = matching(found, query) if query else [one for one in found if not one.is_over]
    return [lecture_facts(one, rules, at) for one in shown[:LECTURES]]


def _searched(rows: list[Row], query: str) -> list[Row]:
    words = segmented(query)
    if not words:
        return rows
    hits = packages_on_shelf().search(words, operator="and")  # type: ignore[attr-defined]  # Wagtail adds it
    rank = {page_id: place for place, page_id in enumerate(hit.pk for hit in hits[:200])}
    return sorted(
        (row for row in rows if row.item.page.pk in rank), key=lambda row: rank[row.item.page.pk]
    )


def _facets(*, signed_in: bool) -> list[Facet]:
    kind = [("required", _("必修")), ("elective", _("选修"))]
    length = [("short", _("15 分钟以内")), ("middle", _("15–30 分钟")), ("long", _("30 分钟以上"))]
    form = [("live", _("直播")), ("replay", _("回放")), ("recorded", _("录播"))]
    facets = [
        Facet(
            _("类别"), "kind", kind, lambda r: "required" if r.item.page.is_required else "elective"
        ),
        Facet(_("一共多久"), "length", length, lambda row: _length(row.item.duration_seconds)),
        Facet(_("形式"), "form", form, _form),
        Facet(
            _("主题"), "topic", [(v, str(n)) for v, n in Topic.choices], lambda r: r.item.page.topic
        ),
    ]
    if not signed_in:
        return facets
    state = [
        ("started", _("学到一半")),
        ("short", _("还差一段")),
        ("new", _("还没开始")),
        ("done", _("已学完")),
    ]
    mine = Facet(
        _("我的状态"), "state", state, lambda row: row.standing.state if row.standing else "new"
    )
    return [mine, *facets]


def _form(row: Row) -> str:
    livestream = row.item.livestream
    if livestream is None:
        return "recorded"
    return "replay" if livestream.state == Livestream.State.ENDED else "live"


def _length(seconds: int) -> str:
    if seconds <= 15 * 60:
        return "short"
    return "middle" if seconds < 30 * 60 else "long"


def _fits(row: Row, facets: list[Facet], chosen: dict[str, list[str]], besides: str = "") -> bool:
    return all(
        facet.value_of(row) in chosen[facet.key]
        for facet in facets
        if chosen[facet.key] and facet.key != besides
    )


def _facet(
    facet: Facet, rows: list[Row], facets: list[Facet], chosen: dict[str, list[str]]
) -> dict[str, Any]:
    """Counts say what choosing the option would show, other facets kept."""
    counts: dict[str, int] = {}
    for row in rows:
        if _fits(row, facets, chosen, besides=facet.key):
            value = facet.value_of(row)
            counts[value] = counts.get(value, 0) + 1
    return {
        "name": facet.name,
        "key": facet.key,
        "options": [
            {
                "label": label,
                "value": value,
                "count": counts.get(value, 0),
                "is_on": value in chosen[facet.key],
            }
            for value, label in facet.options
            if counts.get(value) or value in chosen[facet.key]
        ],
    }


def _active(
    request: HttpRequest, facets: list[Facet], chosen: dict[str, list[str]]
) -> list[dict[str, str]]:
    active = []
    for facet in facets:
        for value in chosen[facet.key]:
            rest = request.GET.copy()
            rest.setlist(facet.key, [v for v in chosen[facet.key] if v != value])
            rest.pop("page", None)
            active.append({"label": dict(facet.options)[value], "url": f"?{rest.urlencode()}"})
    return active


SORTS: dict[str, Callable[[Row], Any]] = {
    "required": lambda row: (not row.item.page.is_required, _newest_first(row)),
    "newest": lambda row: _newest_first(row),
    "shortest": lambda row: row.item.duration_seconds,
}


def _newest_first(row: Row) -> float:
    return -row.item.published_at.timestamp() if row.item.published_at else 0.0


def _sort_names() -> list[tuple[str, str]]:
    return [
        ("required", _("必修在前")),
        ("newest", _("新上架在前")),
        ("shortest", _("时间短的在前")),
    ]


def _required_left(request: HttpRequest, rows: list[Row]) -> int | None:
    if not request.user.is_authenticated:
        return None
    return sum(
        1 for r in rows if r.item.page.is_required and r.standing and r.standing.state != "done"
    )


def _with(query: QueryDict, **changes: str) -> str:
    changed = query.copy()
    for key, value in changes.items():
        changed[key] = value
    return f"?{changed.urlencode()}"


def _query_without(query: QueryDict, key: str) -> str:
    rest = query.copy()
    rest.pop(key, None)
    encoded = rest.urlencode()
    return f"{encoded}&" if encoded else ""
