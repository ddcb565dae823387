"""What learners ask in a livestream: shown, kept back, answered, and taken along as a sheet."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from lms.common.clock import database_now
from lms.common.errors import Refusal
from lms.common.sheet_stream import sheet_stream
from lms.common.wording import clock_text
from lms.people.access import visible_or_404
from lms.people.models import Posting
from media.live import questions
from media.models import LiveQuestion, Livestream
from media.staff.access import may, person_of
from media.staff.livestreams import crumbs, livestream_or_404

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = LiveQuestion.State


@never_cache
@require_GET
@may("media.view_video")
def queue(request: HttpRequest, pk: int) -> HttpResponse:
    """New ones first, then those shown, then those kept back. `?part=1`: the lists alone."""
    livestream = livestream_or_404(request, pk)
    rows = list(_rows(livestream))
    groups = [
        (_("待处理"), [row for row in rows if row.state == State.ASKED]),
        (_("已公开"), [row for row in rows if row.state == State.SHOWN]),
        (_("不公开"), [row for row in rows if row.state == State.ASIDE]),
    ]
    context = {
        "livestream": livestream, "groups": groups, "is_empty": not rows,
        "may_change": request.user.has_perm("media.change_video"),
        **crumbs(livestream.video.title, _("提问")),
    }  # fmt: skip
    part = (
        "media/staff/question_lists.html" if "part" in request.GET else "media/staff/questions.html"
    )
    return render(request, part, context)


@require_POST
@may("media.change_video")
def decide(request: HttpRequest, pk: int, question_pk: int) -> HttpResponse:
    """`act`: show, aside, or answer with `text`."""
    livestream = livestream_or_404(request, pk)
    everything = LiveQuestion.objects.all()
    question = visible_or_404(
        livestream.questions.all(), everything, by=person_of(request), pk=question_pk
    )
    by, at, act = person_of(request), database_now(), request.POST.get("act")
    try:
        if act == "answer":
            questions.answer(question=question, text=request.POST.get("text", ""), by=by, at=at)
        else:
            questions.decide(question=question, is_shown=act == "show", by=by, at=at)
    except Refusal as refusal:
        messages.error(request, _(str(refusal.sentence)))
    return redirect(reverse("livestreams:questions", args=[pk]) + f"#q{question_pk}")


@never_cache
@require_GET
@may("media.view_video")
def export(request: HttpRequest, pk: int) -> HttpResponse:
    livestream, at = livestream_or_404(request, pk), database_now()
    heads = [
        (_("时间"), 20), (_("讲到"), 10), (_("单位"), 28), (_("姓名"), 12), (_("提问"), 60),
        (_("状态"), 10), (_("答复"), 60), (_("答复人"), 12),
    ]  # fmt: skip
    rows = [
        [
            f"{localtime(row.asked_at):%Y-%m-%d %H:%M:%S}",
            clock_text(row.at_seconds) if row.at_seconds is not None else "",
            row.unit_name or "",  # type: ignore[attr-defined]
            row.person.name, row.text, str(row.get_state_display()),
            row.answer, row.answered_by.name if row.answered_by else "",
        ]
        for row in _rows(livestream)
    ]  # fmt: skip
    pieces = sheet_stream(name=_("提问"), heads=heads, rows=rows, at=at)
    name = f"{_('直播提问')}-{livestream.video.title}.xlsx"
    headers = {"Content-Disposition": content_disposition_header(True, name) or ""}
    return HttpResponse(pieces, content_type=XLSX, headers=headers)


def _rows(livestream: Livestream) -> QuerySet[LiveQuestion]:
    """With `unit_name`: where the asker serves."""
    served = Posting.objects.filter(person=OuterRef("person")).order_by("-from_date")
    return livestream.questions.select_related("person", "answered_by").annotate(
        unit_name=Subquery(served.values("unit__name")[:1])
    )
