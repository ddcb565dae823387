"""The listing, the upload page and one video's page."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from lms.common.clock import database_now
from lms.common.errors import Refusal
from media import queueing, services
from media.forms import CaptionsForm, TitleForm, VideoForm
from media.library import uses_shown
from media.models import CaptionTrack, SourceReplacement, TranscodeJob, Upload, Video
from media.selectors import caption_tracks, delivery_urls
from media.sources import cold_storage
from media.staff.access import (
    may,
    person_of,
    unit_ids_of,
    units_of,
    uploads_left,
    video_or_404,
    videos_of,
)
from media.staff.states import length_words, state_facts
from media.tasks import transcode
from media.waits import waits_of

PREVIEWED_CUES = 200


@require_http_methods(["GET", "POST"])
@may("media.add_video")
def upload(request: HttpRequest) -> HttpResponse:
    """Several files by script, each in pieces (`media.staff.uploads`); one file as any form without."""
    form = VideoForm(request.POST or None, request.FILES or None, units=units_of(request))
    if request.method == "POST" and (video := received(request, form)):
        messages.success(request, _("「%s」已收好，正在排队转码。") % video.title)
        return redirect("videos:detail", pk=video.pk)
    left = shown_left(request, replaces=None)
    days = settings.QIANGJI["UPLOAD_KEPT_DAYS"]
    context = {"form": form, "left": left, "kept_days": days, **crumbs(_("上传视频"))}
    return render(request, "media/staff/upload.html", context)


def received(request: HttpRequest, form: VideoForm) -> Video | None:
    """The kept video, or None with the refusal written into the form."""
    if not form.is_valid():
        return None
    file: UploadedFile = form.cleaned_data["file"]
    try:
        video = services.receive_upload(
            file=file,
            name=file.name or "",
            title=form.cleaned_data["title"],
            owner_unit=form.cleaned_data["owner_unit"],
            by=person_of(request),
            at=database_now(),
        )
    except Refusal as refusal:
        form.add_error("file", refusal.sentence)
        return None
    transcode.delay_on_commit(video.pk)
    return video


def shown_left(request: HttpRequest, *, replaces: Video | None) -> list[tuple[Upload, int]]:
    """With the percent that arrived: one's new videos, or sources for that video."""
    uploads = uploads_left(request).filter(replaces=replaces)
    return [(upload, percent_of(upload)) for upload in uploads]


def percent_of(upload: Upload) -> int:
    return 100 * upload.received // upload.bytes


@require_GET
@may("media.view_video")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return shown(request, video_or_404(request, pk), CaptionsForm())


def shown(
    request: HttpRequest, video: Video, captions_form: CaptionsForm, *, status: int = 200
) -> HttpResponse:
    tracks = list(video.captions.order_by("language"))
    context: dict[str, Any] = {
        "video": video,
        "facts": state_facts(video, waits_of([video.pk], at=database_now()).get(video.pk, "")),
        "may_raise": may_raise(video),
        "length": length_words(video.duration_seconds),
        "renditions": video.renditions.order_by("average_bandwidth"),
        "preview": preview(request, video),
        "cut": cut_facts(video),
        "tracks": [(track, first_cues(track), len(track.cues)) for track in tracks],
        "languages": languages_without(tracks),
        "uses": uses_shown([video.pk], unit_ids=unit_ids_of(request))[video.pk],
        "replacement": SourceReplacement.objects.filter(video=video).first(),
        "has_cold_storage": cold_storage() is not None,
        "captions_form": captions_form,
        "title_form": TitleForm(initial={"title": video.title}),
        "may_change": request.user.has_perm("media.change_video"),
        **crumbs(video.title),
    }
    return render(request, "media/staff/detail.html", context, status=status)


def cut_facts(video: Video) -> dict[str, Any]:
    """What of the recording is played; nothing to cut while nobody knows how long it is."""
    span = tuple(length_words(second) for second in video.span) if video.span else None
    length = length_words(video.length_seconds)
    return {"is_possible": video.duration_seconds > 0, "span": span, "length": length}


def languages_without(tracks: list[CaptionTrack]) -> list[tuple[str, Any]]:
    """Languages one may still write captions in."""
    written = {track.language for track in tracks}
    return [pair for pair in CaptionsForm.LANGUAGES if pair[0] not in written]


def first_cues(track: CaptionTrack) -> list[tuple[str, str]]:
    return [(length_words(int(start)), text) for start, _end, text in track.cues[:PREVIEWED_CUES]]


def preview(request: HttpRequest, video: Video) -> dict[str, Any] | None:
    if not video.is_ready:
        return None
    captions = caption_tracks(video)
    viewer, at = person_of(request), database_now()
    return delivery_urls(video=video, captions=captions, viewer=viewer, at=at)


@require_GET
@may("media.view_video")
def states(request: HttpRequest) -> HttpResponse:
    """The states of `?id=1&id=2…`, for pages that show progress."""
    wanted = [
        int(text) for text in request.GET.getlist("id")[:100] if text.isascii() and text.isdigit()
    ]
    videos = videos_of(request).filter(pk__in=[pk for pk in wanted if pk < 2**63])
    waits = waits_of([video.pk for video in videos], at=database_now())
    facts = [state_facts(video, waits.get(video.pk, "")) for video in videos]
    response = JsonResponse({"videos": facts})
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@may("media.change_video")
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    video = video_or_404(request, pk)
    try:
        services.retry_transcoding(video=video, by=person_of(request), at=database_now())
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        transcode.delay_on_commit(video.pk)
        messages.success(request, _("已重新排队转码。"))
    return redirect("videos:detail", pk=pk)


@require_POST
@may("media.change_video")
def raise_turn(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        queueing.raise_job(
            video=video_or_404(request, pk), by=person_of(request), at=database_now()
        )
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, _("已排到最前面，下一个就转它。"))
    return redirect("videos:detail", pk=pk)


def may_raise(video: Video) -> bool:
    """Whether it waits for its turn and not for room, and was not raised already."""
    return TranscodeJob.objects.filter(
        video=video, state=TranscodeJob.State.WAITING, not_before=None,
        urgency__gt=TranscodeJob.Urgency.RAISED,
    ).exists()  # fmt: skip


@require_POST
@may("media.change_video")
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    video, form = video_or_404(request, pk), TitleForm(request.POST)
    if form.is_valid():
        title = form.cleaned_data["title"]
        services.rename_video(video=video, title=title, by=person_of(request), at=database_now())
        messages.success(request, _("标题已改好。"))
    else:
        messages.error(request, _("标题不能空着，最长 200 字。"))
    return redirect("videos:detail", pk=pk)


@require_POST
@may("media.change_video")
def add_captions(request: HttpRequest, pk: int) -> HttpResponse:
    video = video_or_404(request, pk)
    form = CaptionsForm(request.POST, request.FILES)
    if not form.is_valid():
        return shown(request, video, form, status=422)
    language = form.cleaned_data["language"]
    try:
        track = services.save_captions(
            video=video,
            data=form.cleaned_data["captions_file"].read(),
            language=language,
            label=str(dict(CaptionsForm.LANGUAGES)[language]),
            by=person_of(request),
            at=database_now(),
        )
    except Refusal as refusal:
        form.add_error("captions_file", refusal.sentence)
        return shown(request, video, form, status=422)
    messages.success(request, _("字幕已收好，共 %d 条。") % len(track.cues))
    return redirect("videos:detail", pk=pk)


@require_POST
@may("media.change_video")
def remove_captions(request: HttpRequest, pk: int, track_pk: int) -> HttpResponse:
    """Video and track are checked together (security 1)."""
    track = get_object_or_404(video_or_404(request, pk).captions, pk=track_pk)
    services.delete_captions(track=track, by=person_of(request), at=database_now())
    messages.success(request, _("字幕已删除。"))
    return redirect("videos:detail", pk=pk)


def crumbs(*titles: str) -> dict[str, Any]:
    items = [
        {"url": reverse("wagtailadmin_home"), "label": _("首页")},
        {"url": reverse("videos:listing"), "label": _("视频")},
        *({"url": "", "label": title} for title in titles),
    ]
    return {"breadcrumbs_items": items, "header_title": titles[-1] if titles else _("视频")}


def crumbs_below(video: Video, title: str) -> dict[str, Any]:
    """The same for a page below a video's."""
    context = crumbs(video.title, title) | {"header_title": f"{title} · {video.title}"}
    context["breadcrumbs_items"][2]["url"] = reverse("videos:detail", args=[video.pk])
    return context
