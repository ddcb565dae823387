"""Lectures spoken at a time: the list, one's page, and one for a calendar."""

from typing import cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from courses.catalogue.models import LivestreamPage
from courses.catalogue.scope import unit_ids
from courses.learning.calendar import lecture_event, with_changes
from courses.learning.lectures import lecture_facts
from courses.learning.lives import lecture_of, lectures_for, matching, pages_asking
from courses.learning.views.policy import policy_shown_to, rules_of, unit_of
from lms.common.calendar import calendar_of
from lms.people.access import public, visible_or_404
from lms.people.models import Person
from lms.people.roles import Permission

KINDS = ("on", "to_come", "replay")


@public
@require_GET
def lectures(request: HttpRequest) -> HttpResponse:
    """What is on, what comes, and replays; visitors see what everybody is asked to."""
    at, rules = timezone.now(), rules_of(policy_shown_to(request))
    query = request.GET.get("q", "").strip()[:80]
    everything = lectures_for(unit=unit_of(request), at=at)
    found = [lecture_facts(one, rules, at) for one in matching(everything, query)]
    names = {"on": _("正在直播"), "to_come": _("将要开讲"), "replay": _("近期回放")}
    groups = [
        {"name": names[kind], "kind": kind, "lectures": those}
        for kind in KINDS
        if (those := [one for one in found if one["kind"] == kind])
    ]
    context = {
        "section": "course", "title": _("直播与回放"), "query": query, "groups": groups,
        "has_any": bool(everything),
        "feed_url": reverse("calendar-settings") if request.user.is_authenticated else "",
    }  # fmt: skip
    return render(request, "learning/lectures.html", context)


@public
def lecture_page(request: HttpRequest, page: LivestreamPage) -> HttpResponseBase:
    """Open to whom it asks and to whoever may edit it. Who is not signed in may be one of them."""
    is_preview = getattr(request, "is_preview", False)
    asked = pages_asking(unit=unit_of(request))
    if not is_preview and not request.user.is_authenticated:
        if not asked.filter(pk=page.pk).exists():
            return redirect_to_login(request.get_full_path())
    elif not is_preview and not _may_edit(request, page):
        visible_or_404(
            asked, LivestreamPage.objects.all(), by=cast(Person, request.user), pk=page.pk
        )
    at, rules = timezone.now(), rules_of(policy_shown_to(request))
    audience = [unit.name for unit in page.audience.all()]
    context = {
        "section": "course", "title": page.title, "is_preview": is_preview,
        "lecture": lecture_facts(lecture_of(page), rules, at),
        "audience": audience,
        "may_edit": _may_edit(request, page),
    }  # fmt: skip
    answer = render(request, "learning/lecture_page.html", context)
    if audience:
        answer["Cache-Control"] = "private, no-store"
    return answer


@public
@require_GET
def lecture_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """One lecture as a file for a calendar."""
    asked = pages_asking(unit=unit_of(request)).live()
    page = with_changes(asked).filter(slug=slug).first()
    if page is None:
        raise Http404
    event = lecture_event(lecture_of(page), site=settings.BASE_URL)
    answer = HttpResponse(calendar_of([event], name=page.title), content_type="text/calendar")
    answer["Content-Disposition"] = f'attachment; filename="{page.slug}.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _may_edit(request: HttpRequest, page: LivestreamPage) -> bool:
    if not request.user.is_authenticated:
        return False
    return page.owner_unit_id in unit_ids(request.user, Permission.EDIT_COURSES)
