"""Livestreams in the admin: announce, give the encoder its key, watch over it, end it."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from lms.common.clock import database_now
from lms.common.errors import Refusal
from lms.people.access import visible_or_404
from lms.people.models import Unit
from media.live import publishing, services
from media.live.audience import viewers_of
from media.models import Livestream
from media.staff.access import may, person_of, units_of, videos_of


class When(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class LivestreamForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("标题"), max_length=200)
    lecturer = forms.CharField(label=gettext_lazy("主讲人"), max_length=100, required=False)
    owner_unit = forms.ModelChoiceField(
        label=gettext_lazy("所属单位"), queryset=Unit.objects.none(), empty_label=None
    )
    starts_at = forms.DateTimeField(label=gettext_lazy("开始时间"), widget=When())
    ends_at = forms.DateTimeField(label=gettext_lazy("预计结束"), widget=When())
    roll_call_minutes = forms.TypedChoiceField(
        label=gettext_lazy("点名"), required=False, empty_value=None, coerce=int,
        choices=[
            ("", gettext_lazy("不点名")),
            (10, gettext_lazy("大约每 10 分钟一次")),
            (20, gettext_lazy("大约每 20 分钟一次")),
            (30, gettext_lazy("大约每 30 分钟一次")),
        ],
        help_text=gettext_lazy(
            "直播时不定时问学员在不在听，一分半钟内点一下。没应答的那一段不丢，看一遍回放就算。"
        ),
    )  # fmt: skip

    def __init__(
        self, *args: object, units: QuerySet[Unit] | None = None, **kwargs: object
    ) -> None:
        """Without `units` a known livestream is changed, whose unit stays."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if units is None:
            del self.fields["owner_unit"]
        else:
            self.fields["owner_unit"].queryset = units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("结束要晚于开始。"))
        return cleaned


@require_GET
@may("media.view_video")
def listing(request: HttpRequest) -> HttpResponse:
    found = _livestreams(request).order_by("-starts_at")[:100]
    return render(request, "media/staff/livestreams.html", {"livestreams": found, **crumbs()})


@require_http_methods(["GET", "POST"])
@may("media.add_video")
def add(request: HttpRequest) -> HttpResponse:
    form = LivestreamForm(request.POST or None, units=units_of(request))
    if request.method == "POST" and form.is_valid():
        livestream = services.announce(
            **form.cleaned_data, by=person_of(request), at=database_now()
        )
        messages.success(request, _("「%s」已建好。取一个推流码，给讲课那边用。") % livestream)
        return redirect("livestreams:detail", livestream.pk)
    context = {"form": form, **crumbs(_("新建直播"))}
    status = 422 if form.errors else 200
    return render(request, "media/staff/livestream_new.html", context, status=status)


@require_http_methods(["GET", "POST"])
@may("media.change_video")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    livestream = livestream_or_404(request, pk)
    known = {
        "title": livestream.video.title, "lecturer": livestream.lecturer,
        "starts_at": livestream.starts_at, "ends_at": livestream.ends_at,
        "roll_call_minutes": livestream.roll_call_minutes,
    }  # fmt: skip
    form = LivestreamForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            services.revise(
                livestream=livestream, **form.cleaned_data, by=person_of(request), at=database_now()
            )
        except Refusal as refusal:
            messages.error(request, _(str(refusal.sentence)))
        else:
            messages.success(request, _("已改好。"))
        return redirect("livestreams:detail", pk)
    context = {"form": form, "livestream": livestream, **crumbs(livestream.video.title)}
    status = 422 if form.errors else 200
    return render(request, "media/staff/livestream_new.html", context, status=status)


@require_GET
@may("media.view_video")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, livestream_or_404(request, pk))


@never_cache
@require_POST
@may("media.change_video")
def issue_key(request: HttpRequest, pk: int) -> HttpResponse:
    """The page with the key on it, this once."""
    livestream = livestream_or_404(request, pk)
    try:
        key = services.issue_key(livestream=livestream, by=person_of(request), at=database_now())
    except Refusal as refusal:
        messages.error(request, _(str(refusal.sentence)))
        return redirect("livestreams:detail", pk)
    return _shown(request, livestream, key=key)


@require_POST
@may("media.change_video")
def revoke_key(request: HttpRequest, pk: int) -> HttpResponse:
    livestream = livestream_or_404(request, pk)
    services.revoke_key(livestream=livestream, by=person_of(request), at=database_now())
    messages.success(request, _("推流码已作废。正在推流的会断开，要再推请取新的推流码。"))
    return redirect("livestreams:detail", pk)


@require_POST
@may("media.change_video")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    livestream = livestream_or_404(request, pk)
    try:
        services.close(livestream=livestream, by=person_of(request), at=database_now())
    except Refusal as refusal:
        messages.error(request, _(str(refusal.sentence)))
    else:
        publishing.write_playlist(livestream=livestream)
        messages.success(request, _("直播已结束，回放马上可以看，清晰度多档的版本转码后自动换上。"))
    return redirect("livestreams:detail", pk)


def _livestreams(request: HttpRequest) -> QuerySet[Livestream]:
    found = Livestream.objects.select_related("video__owner_unit")
    return found.filter(video__in=videos_of(request))


def livestream_or_404(request: HttpRequest, pk: int) -> Livestream:
    everything = Livestream.objects.all()
    return visible_or_404(_livestreams(request), everything, by=person_of(request), pk=pk)


def _shown(request: HttpRequest, livestream: Livestream, *, key: str = "") -> HttpResponse:
    context = {
        "livestream": livestream,
        "takes": livestream.takes.order_by("number"),
        "address": settings.LIVE_INGEST_URL,
        "key": f"{livestream.name}?key={key}" if key else "",
        "may_change": request.user.has_perm("media.change_video"),
        "waiting": livestream.questions.filter(state="asked").count(),
        "viewers": viewers_of(livestream) if livestream.is_on else None,
        "is_over": livestream.state == Livestream.State.ENDED,
        **crumbs(livestream.video.title),
    }
    return render(request, "media/staff/livestream.html", context)


def crumbs(*titles: str) -> dict[str, Any]:
    items = [
        {"url": reverse("wagtailadmin_home"), "label": _("首页")},
        {"url": reverse("livestreams:listing"), "label": _("直播")},
        *({"url": "", "label": title} for title in titles),
    ]
    return {"breadcrumbs_items": items, "header_title": titles[-1] if titles else _("直播")}
