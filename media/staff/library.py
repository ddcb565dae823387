"""The library: search, what videos take up, hiding, cold sources, deletion."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from lms.common.clock import database_now
from lms.common.errors import Refusal
from media import cold, removing
from media.forms import LibraryForm
from media.library import SORTS, Storage, storage_by_unit, uses_shown, videos_found
from media.models import Video
from media.sources import cold_storage
from media.staff.access import may, person_of, unit_ids_of, units_of, video_or_404, videos_of
from media.staff.pages import crumbs, crumbs_below
from media.staff.states import length_words, state_facts
from media.tasks import archive_source
from media.waits import waits_of

PER_PAGE = 20


@require_GET
@may("media.view_video")
def listing(request: HttpRequest) -> HttpResponse:
    form = LibraryForm(request.GET, units=units_of(request).order_by("path"))
    form.is_valid()  # a field that cannot be read is left open, and said beside it
    videos = videos_found(videos_of(request), form.cleaned_data).select_related("owner_unit")
    page = Paginator(videos, PER_PAGE).get_page(request.GET.get("p"))
    uses = uses_shown([video.pk for video in page], unit_ids=unit_ids_of(request))
    waits = waits_of([video.pk for video in page], at=database_now())
    context = {
        "rows": [
            (
                video,
                state_facts(video, waits.get(video.pk, "")),
                length_words(video.duration_seconds),
                uses[video.pk],
            )
            for video in page
        ],
        "page": page,
        "form": form,
        "is_narrowed": any(form.cleaned_data.values()),
        "query": urlencode([(k, v) for k, v in request.GET.items() if k in form.fields and v]),
        **crumbs(),
    }
    return render(request, "media/staff/listing.html", context)


@require_GET
@may("media.view_video")
def storage(request: HttpRequest) -> HttpResponse:
    """What the videos take up by unit; `?sort=` one of SORTS, with `-` for largest first."""
    sort = request.GET.get("sort", "-total")
    if sort.lstrip("-") not in SORTS:
        sort = "-total"
    rows = storage_by_unit(videos_of(request), sort=sort)
    context = {
        "rows": rows,
        "sum": total_of(rows),
        "columns": columns(sort),
        "has_cold_storage": cold_storage() is not None,
        **crumbs(_("存储占用")),
    }
    return render(request, "media/staff/storage.html", context)


def total_of(rows: list[Storage]) -> dict[str, int]:
    return {name: sum(getattr(row, name) for row in rows) for name in SORTS[1:]}


def columns(sort: str) -> list[dict[str, Any]]:
    """Headings that sort: the first click shows the largest first, the next turns it round."""
    words = {
        "unit": _("单位"), "videos": _("视频"), "source": _("源文件"), "cold": _("冷存储"),
        "renditions": _("转码后"), "total": _("合计"),
    }  # fmt: skip
    return [
        {
            "word": words[name],
            "link": f"?sort={other_way(name, sort)}",
            "order": order(name, sort),
            "is_number": name != "unit",
        }
        for name in SORTS
    ]


def other_way(name: str, sort: str) -> str:
    first = name if name == "unit" else f"-{name}"
    return first if sort != first else (f"-{name}" if first == name else name)


def order(name: str, sort: str) -> str:
    """What `aria-sort` says of the column."""
    if sort.lstrip("-") != name:
        return "none"
    return "descending" if sort.startswith("-") else "ascending"


@require_POST
@may("media.change_video")
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    video, is_hidden = video_or_404(request, pk), request.POST.get("hidden") == "1"
    removing.set_hidden(video=video, is_hidden=is_hidden, by=person_of(request), at=database_now())
    if is_hidden:
        messages.success(request, _("不再提供选用了。已经用着它的课程包照常。"))
    else:
        messages.success(request, _("又可以选用了。"))
    return redirect("videos:detail", pk=pk)


@require_POST
@may("media.change_video")
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    video = video_or_404(request, pk)
    try:
        cold.ask_to_archive(video=video, by=person_of(request), at=database_now())
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        archive_source.delay_on_commit(video.pk)
        messages.success(request, _("正在把源文件移到冷存储，核对无误才算移走。不影响观看。"))
    return redirect("videos:detail", pk=pk)


@require_http_methods(["GET", "POST"])
@may("media.change_video")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """What would go, or why it cannot; by POST it goes."""
    video, unit_ids = video_or_404(request, pk), unit_ids_of(request)
    if request.method == "GET":
        return deletion_page(request, video, removing.deletion_problem(video, unit_ids=unit_ids))
    try:
        removing.delete_video(
            video=video, unit_ids=unit_ids, by=person_of(request), at=database_now()
        )
    except removing.DeletionRefused as refusal:
        return deletion_page(request, video, refusal)
    messages.success(request, _("「%s」已删除。") % video.title)
    return redirect("videos:listing")


def deletion_page(
    request: HttpRequest, video: Video, problem: removing.DeletionRefused | None
) -> HttpResponse:
    context = {
        "video": video,
        "problem": problem,
        "length": length_words(video.duration_seconds),
        "uses": uses_shown([video.pk], unit_ids=unit_ids_of(request))[video.pk],
        **crumbs_below(video, _("删除")),
    }
    status = problem.status if problem and request.method == "POST" else 200
    return render(request, "media/staff/delete.html", context, status=status)
