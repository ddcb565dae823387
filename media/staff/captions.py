"""The captions editor beside the video: open, save as one set, shift, import a transcript, download."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from lms.common.clock import database_now
from lms.common.errors import Refusal
from media import captioning, captions, cue_edits, recognising, recognition
from media.forms import CaptionsForm, TranscriptForm
from media.models import CaptionDraft, Video
from media.selectors import delivery_urls
from media.staff.access import may, person_of, video_or_404
from media.staff.pages import crumbs_below
from media.tasks import recognise as recognise_later
from media.transcripts import spread_transcript

LABELS = dict(CaptionsForm.LANGUAGES)
KINDS = {
    "srt": (captions.srt, "application/x-subrip; charset=utf-8"),
    "vtt": (captions.webvtt, "text/vtt; charset=utf-8"),
}


@dataclass
class Sheet:
    """What stands in the editor. `seen` is the digest of the saved captions it was made from.

    `seen_now` is set when somebody saved meanwhile; saving again with it overwrites theirs.
    """

    text: str
    seen: str
    is_unsaved: bool = False
    refused: str = ""
    code: str = ""
    note: str = ""
    seen_now: str = ""


@require_http_methods(["GET", "POST"])
@may("media.change_video")
def editor(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    video = video_or_404(request, pk)
    label = label_or_404(language)
    if request.method == "GET":
        return shown(request, video, language, opened(request, video, language))
    sheet = Sheet(
        text=request.POST.get("cues", ""), seen=request.POST.get("seen", "")[:16], is_unsaved=True
    )
    if request.POST.get("do") == "shift":
        status = shift(request, video, sheet)
        return shown(request, video, language, sheet, status=status)
    try:
        count = save(request, video, language, label, sheet)
    except Refusal as refusal:
        sheet.refused, sheet.code = str(refusal.sentence), refusal.code
        if isinstance(refusal, captioning.CaptionsChanged):
            sheet.seen_now = captioning.saved_digest(video, language) or "-"
        return shown(request, video, language, sheet, status=refusal.status)
    messages.success(request, _("字幕已保存，共 %d 条。学员刷新页面就看到。") % count)
    return redirect("videos:captions", pk=pk, language=language)


def label_or_404(language: str) -> str:
    if language not in LABELS:
        raise Http404
    return str(LABELS[language])


def opened(request: HttpRequest, video: Video, language: str) -> Sheet:
    """The saved captions, or with `?draft=1` what a program heard."""
    track = video.captions.filter(language=language).first()
    seen = track.digest if track else ""
    if "draft" in request.GET:
        draft = ready_draft(video, language)
        if draft is not None:
            note = _("下面是机器听出来的，还没有保存。请对着视频改好，再保存。")
            text = cue_edits.edited_text(draft.cues)
            return Sheet(text, seen, is_unsaved=True, note=note)
    return Sheet(cue_edits.edited_text(track.cues) if track else "", seen)


def ready_draft(video: Video, language: str) -> CaptionDraft | None:
    return video.caption_drafts.filter(language=language, state=CaptionDraft.State.READY).first()


def save(request: HttpRequest, video: Video, language: str, label: str, sheet: Sheet) -> int:
    """How many cues were saved. Raises the refusals of `captioning.save_edited`."""
    if request.POST.get("do") == "overwrite":
        sheet.seen = request.POST.get("seen_now", "")[:16].strip("-")
    edited = cue_edits.read_edited(sheet.text, seconds=video.duration_seconds or None)
    track = captioning.save_edited(
        video=video, language=language, label=label, edited=edited, seen=sheet.seen,
        by=person_of(request), at=database_now(),
    )  # fmt: skip
    return len(track.cues)


def shift(request: HttpRequest, video: Video, sheet: Sheet) -> int:
    """Move all times in the sheet, saving nothing. The status to answer with."""
    seconds = video.duration_seconds or None
    edited = cue_edits.read_edited(sheet.text, seconds=None)
    try:
        cue_edits.refuse_unreadable(edited)
        by_seconds = float(request.POST.get("shift", ""))
        if not isfinite(by_seconds):
            raise ValueError
        cues = cue_edits.shifted(edited.cues, by_seconds=by_seconds, seconds=seconds)
    except ValueError:
        sheet.refused, sheet.code = _("移几秒要写成数字，如 1.5 或 -2。"), "shift_unreadable"
        return 422
    except Refusal as refusal:
        sheet.refused, sheet.code = str(refusal.sentence), refusal.code
        return refusal.status
    sheet.text = cue_edits.edited_text(cues)
    sheet.note = _("时间已整体移动 %g 秒，还没有保存。") % by_seconds
    return 200


@require_POST
@may("media.change_video")
def transcript(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """A transcript as cues in the editor, to be looked through; nothing is saved."""
    video, form = video_or_404(request, pk), TranscriptForm(request.POST)
    label_or_404(language)
    sheet = opened(request, video, language)
    try:
        words = form.cleaned_data["transcript"] if form.is_valid() else ""
        cues = spread_transcript(words, seconds=float(video.duration_seconds))
    except Refusal as refusal:
        sheet.refused, sheet.code = str(refusal.sentence), refusal.code
        return shown(request, video, language, sheet, form=form, status=refusal.status)
    sheet.text, sheet.is_unsaved = cue_edits.edited_text(cues), True
    sheet.note = _(
        "文稿排成了 %d 条，时间是按字数估的，还没有保存。请对着视频改好，再保存。"
    ) % len(cues)
    return shown(request, video, language, sheet)


@require_POST
@may("media.change_video")
def recognise(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    video = video_or_404(request, pk)
    label_or_404(language)
    try:
        recognising.ask_to_recognise(
            video=video, language=language, by=person_of(request), at=database_now()
        )
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        recognise_later.delay_on_commit(video.pk, language)
        messages.success(request, _("开始识别了。一小时的课大约要几十分钟，好了会显示在这一页。"))
    return redirect("videos:captions", pk=pk, language=language)


@require_GET
@may("media.view_video")
def download(request: HttpRequest, pk: int, language: str, kind: str) -> HttpResponse:
    video = video_or_404(request, pk)
    track = video.captions.filter(language=language).first()
    if track is None or kind not in KINDS:
        raise Http404
    write, content_type = KINDS[kind]
    answer = HttpResponse(write(track.cues), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{video.key}.{language}.{kind}"'
    return answer


def shown(
    request: HttpRequest,
    video: Video,
    language: str,
    sheet: Sheet,
    *,
    form: TranscriptForm | None = None,
    status: int = 200,
) -> HttpResponse:
    draft = video.caption_drafts.filter(language=language).first()
    context: dict[str, Any] = {
        "video": video,
        "language": language,
        "label": label_or_404(language),
        "others": [(code, label) for code, label in CaptionsForm.LANGUAGES if code != language],
        "sheet": sheet,
        "is_saved": bool(sheet.seen),
        "preview": preview(request, video),
        "draft": draft,
        "can_recognise": recognition.is_configured(),
        "transcript_form": form or TranscriptForm(),
        **crumbs_below(video, _("%s字幕") % label_or_404(language)),
    }
    return render(request, "media/staff/captions.html", context, status=status)


def preview(request: HttpRequest, video: Video) -> dict[str, Any] | None:
    """Addresses for the video; the captions shown in it are those in the editor."""
    if not video.is_ready:
        return None
    return delivery_urls(video=video, captions=[], viewer=person_of(request), at=database_now())
