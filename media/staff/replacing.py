"""Another source for a video: choose a file, look at what it touches, confirm or give it up."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from lms.common.clock import database_now
from lms.common.errors import Refusal
from media import replacing
from media.forms import SourceForm
from media.library import uses_shown
from media.models import SourceReplacement, Video
from media.staff.access import may, person_of, unit_ids_of, video_or_404
from media.staff.pages import crumbs_below, shown_left
from media.staff.states import length_words
from media.tasks import transcode


@require_http_methods(["GET", "POST"])
@may("media.change_video")
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    video = video_or_404(request, pk)
    form = SourceForm(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid():
        return shown(request, video, form, status=200 if request.method == "GET" else 422)
    file = form.cleaned_data["file"]
    try:
        replacing.propose(
            video=video, file=file, name=file.name or "", by=person_of(request), at=database_now()
        )
    except Refusal as refusal:
        form.add_error("file", refusal.sentence)
        return shown(request, video, form, status=422)
    return redirect("videos:replace", pk=pk)


def shown(request: HttpRequest, video: Video, form: SourceForm, *, status: int) -> HttpResponse:
    proposal = SourceReplacement.objects.filter(video=video).first()
    impact = replacing.impact_of(video, new_seconds=proposal.duration_seconds if proposal else None)
    context = {
        "video": video,
        "form": form,
        "left": shown_left(request, replaces=video),
        "kept_days": settings.QIANGJI["UPLOAD_KEPT_DAYS"],
        "proposal": proposal,
        "impact": impact,
        "uses": uses_shown([video.pk], unit_ids=unit_ids_of(request))[video.pk],
        "old_length": length_words(impact.old_seconds),
        "new_length": length_words(impact.new_seconds or 0),
        "furthest": length_words(impact.furthest_second),
        **crumbs_below(video, _("换源文件")),
    }
    return render(request, "media/staff/replace.html", context, status=status)


@require_POST
@may("media.change_video")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    video = video_or_404(request, pk)
    try:
        replacing.confirm(video=video, by=person_of(request), at=database_now())
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("videos:replace", pk=pk)
    transcode.delay_on_commit(video.pk)
    messages.success(request, _("正在转码新文件。做好并核对过才换上，之前学员看的还是原来的。"))
    return redirect("videos:detail", pk=pk)


@require_POST
@may("media.change_video")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    video = video_or_404(request, pk)
    try:
        replacing.withdraw(video=video, by=person_of(request), at=database_now())
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, _("没有换，视频还是原来的。"))
    return redirect("videos:detail", pk=pk)
