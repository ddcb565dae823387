"""What of a recording is played, and its chapters, set beside the video."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from lms.common.clock import database_now
from lms.common.errors import Refusal
from media import chapters, cutting
from media.live.selectors import live_urls, livestream_of
from media.models import Video
from media.selectors import delivery_urls
from media.staff.access import may, person_of, video_or_404
from media.staff.pages import crumbs_below


@dataclass
class Sheet:
    """What stands in the editor. `seen` is the digest of what was saved when it was opened.

    `asks` is set when another span touches what people have watched: saved once they say so.
    """

    start: str
    end: str
    lines: str
    seen: str
    is_unsaved: bool = False
    refused: str = ""
    code: str = ""
    note: str = ""
    asks: cutting.Impact | None = None


@require_http_methods(["GET", "POST"])
@may("media.change_video")
def editor(request: HttpRequest, pk: int) -> HttpResponse:
    video = video_or_404(request, pk)
    if request.method == "GET":
        return shown(request, video, opened(request, video))
    sheet = sent(request)
    try:
        is_saved = save(request, video, sheet)
    except Refusal as refusal:
        sheet.refused, sheet.code = str(refusal.sentence), refusal.code
        if isinstance(refusal, cutting.CutChanged):
            sheet.seen = cutting.digest_of(Video.objects.get(pk=pk))
        return shown(request, video, sheet, status=refusal.status)
    if not is_saved:
        return shown(request, video, sheet)
    address = reverse("videos:cut", args=[pk])
    undo = messages.button(f"{address}?before=1", _("撤销"))
    messages.success(request, _("已保存。学员刷新页面就看到，视频不用重新转码。"), buttons=[undo])
    return redirect(address)


def opened(request: HttpRequest, video: Video) -> Sheet:
    """What is saved, or with `?before=1` what stood before the last change."""
    seen = cutting.digest_of(video)
    before = cutting.cut_before(video) if "before" in request.GET else None
    if before is None:
        return sheet_of(video.span, video.chapters, seen)
    sheet = sheet_of(before["span"], before["chapters"], seen)
    sheet.is_unsaved, sheet.note = True, _("下面是上一次修改以前的样子，还没有保存。")
    return sheet


def sheet_of(span: Any, listed: Any, seen: str) -> Sheet:
    start, end = (chapters.clock(second) for second in span) if span else ("", "")
    return Sheet(start, end, chapters.lines_of(listed), seen)


def sent(request: HttpRequest) -> Sheet:
    start, end, seen = (request.POST.get(name, "")[:40] for name in ("start", "end", "seen"))
    return Sheet(start, end, request.POST.get("chapters", ""), seen, is_unsaved=True)


def save(request: HttpRequest, video: Video, sheet: Sheet) -> bool:
    """Whether it was saved; if not, the sheet now says whom it touches and asks.

    Raises CutRefused, ChaptersRefused, CutChanged.
    """
    span, listed = span_of(video, sheet), chapters.read_lines(sheet.lines)
    if cutting.checked_span(video, span) != video.span and request.POST.get("do") != "confirm":
        impact = cutting.impact_of(video)
        if impact.begun or impact.settled:
            chapters.refuse_wrong(listed, span=span or (0, video.duration_seconds))
            sheet.asks = impact
            return False
    cutting.cut(
        video=video, span=span, chapters=listed, seen=sheet.seen, by=person_of(request),
        at=database_now(),
    )  # fmt: skip
    return True


def span_of(video: Video, sheet: Sheet) -> cutting.Span:
    """Empty is the recording's own beginning or end."""
    if not sheet.start.strip() and not sheet.end.strip():
        return None
    try:
        start = chapters.read_clock(sheet.start) if sheet.start.strip() else 0
        end = chapters.read_clock(sheet.end) if sheet.end.strip() else video.duration_seconds
    except ValueError:
        raise cutting.CutRefused(
            _("开始和结束要写成 00:12:30 的样子，不剪的一头空着。"), code="span_unreadable"
        ) from None
    return start, end


def shown(request: HttpRequest, video: Video, sheet: Sheet, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "video": video,
        "sheet": sheet,
        "whole": chapters.clock(video.duration_seconds),
        "length": chapters.clock(video.length_seconds),
        "preview": preview(request, video),
        "most": chapters.MOST,
        "longest": chapters.LONGEST_TITLE,
        **crumbs_below(video, _("片头片尾和章节")),
    }
    return render(request, "media/staff/cut.html", context, status=status)


def preview(request: HttpRequest, video: Video) -> dict[str, Any] | None:
    """Addresses of the whole recording; of a replay not transcoded yet, its own fragments."""
    viewer, at = person_of(request), database_now()
    livestream = livestream_of(video)
    if livestream is not None and livestream.has_begun:
        return live_urls(livestream=livestream, captions=[], viewer=viewer, at=at)
    if not video.is_ready:
        return None
    return delivery_urls(video=video, captions=[], viewer=viewer, at=at)
