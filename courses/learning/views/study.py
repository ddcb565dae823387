"""The study page of a unit, and what its player asks for: fresh addresses, settlement."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.catalogue.models import CourseUnit
from courses.learning.offline import control_facts
from courses.learning.playing import player_facts, video_context
from courses.learning.presenting import settlement_in_words, unit_row, unit_url
from courses.learning.questions import questions_context
from courses.learning.selectors import PackageState, package_state, package_states
from courses.learning.services import Settlement, finish_reading, open_unit, settle_viewing
from courses.learning.shelf import shelf
from courses.learning.views.notes import notes_context
from courses.learning.views.opening import unit_open_to
from courses.learning.views.policy import policy_shown_to, rules_of
from lms.common.clock import database_now
from lms.common.errors import Refusal
from lms.credits.rules import Rules
from lms.people.access import signed_in
from lms.people.models import Posting
from lms.people.requests import PersonRequest
from media.live import roll_call
from media.live.audience import viewers_of
from media.live.questions import version_of
from media.live.selectors import livestream_of, planned_livestream
from media.models import Livestream, ViewingSession
from media.selectors import caption_tracks


@signed_in
@require_GET
def study(request: PersonRequest, unit_key: UUID) -> HttpResponse:
    """Open a unit: enrols, starts the viewing's clock and shows the player or the reading."""
    unit, at = unit_open_to(request, unit_key), database_now()
    posting, is_preview = _posting(request), not unit.package.live
    viewing = None
    if posting is not None and not is_preview:
        viewing = open_unit(person=request.user, unit=unit, posting=posting, at=at)
    rules = rules_of(policy_shown_to(request))
    state = _package_state(request, unit, rules)
    context = _shared(unit, state, is_preview=is_preview)
    video = unit.video
    if video is None:
        return render(request, "learning/reading.html", context | _reading(unit, state))
    earned = next(u.hours for u in state.units if u.unit.key == unit.key)
    shown = video_context(request, unit, video, viewing, rules, at, earned)
    shown |= {
        "offline": control_facts(request.user, unit, viewing),
        "questions": questions_context(planned_livestream(video), request.user),
        "notes": notes_context(request.user, unit.key),
    }
    return render(request, "learning/study.html", context | shown)


@signed_in
@require_GET
def player_config(request: PersonRequest, unit_key: UUID) -> HttpResponse:
    """New addresses and a new token for a page already open; the viewing's clock runs on."""
    unit = unit_open_to(request, unit_key)
    viewing = _viewing_of(request, unit)
    if viewing is None:
        raise Http404
    rules = rules_of(policy_shown_to(request))
    facts = player_facts(
        request, unit, viewing.video, caption_tracks(viewing.video), viewing, rules, database_now()
    )
    return JsonResponse(facts)


@signed_in
@require_GET
def live_state(request: PersonRequest, unit_key: UUID) -> HttpResponse:
    """How a livestream stands, for the page that follows it."""
    unit = unit_open_to(request, unit_key)
    livestream = livestream_of(unit.video) if unit.video else None
    if livestream is None:
        return JsonResponse({"state": "ready", "words": ""})
    facts = {"state": livestream.state, "words": str(livestream.get_state_display())}
    if livestream.is_on:
        facts["viewers"] = _("%(count)s 人在看") % {"count": viewers_of(livestream)}
    facts["questions"] = version_of(livestream)
    return JsonResponse(facts | _roll_call(request, unit, livestream))


@signed_in
@require_POST
def present(request: PersonRequest, unit_key: UUID) -> HttpResponse:
    """Answer a roll call. Without the script the page comes again."""
    viewing = _viewing_of(request, unit_open_to(request, unit_key))
    if viewing is None:
        raise Http404
    try:
        is_in_time = roll_call.answer(
            viewing=viewing,
            wants_more_time=request.POST.get("more_time") == "1",
            at=database_now(),
        )
    except Refusal as refusal:
        return JsonResponse(refusal.as_json(), status=refusal.status)
    return JsonResponse({"is_in_time": is_in_time})


@signed_in
@require_POST
def settle(request: PersonRequest, unit_key: UUID) -> HttpResponse:
    """Decide now whether what was watched is enough."""
    viewing = _viewing_of(request, unit_open_to(request, unit_key))
    if viewing is None:
        raise Http404
    try:
        settlement = settle_viewing(viewing=viewing, at=database_now())
    except Refusal as refusal:
        return JsonResponse(refusal.as_json(), status=refusal.status)
    return JsonResponse(
        {
            "state": _state(viewing, settlement),
            "hours": f"{settlement.hours.normalize():f}",
            "message": settlement_in_words(settlement),
            "record_url": reverse("record"),
        }
    )


@signed_in
@require_POST
def read(request: PersonRequest, unit_key: UUID) -> HttpResponse:
    """A reading is read; go on to the next unit."""
    unit = unit_open_to(request, unit_key)
    posting = _posting(request)
    if unit.kind != CourseUnit.Kind.READING or posting is None or not unit.package.live:
        raise Http404
    finish_reading(person=request.user, unit=unit, posting=posting, at=database_now())
    following = [
        u for u in shelf().by_key[unit.package.key].units if u.sort_order > unit.sort_order
    ]
    return redirect(unit_url(following[0].key) if following else unit.package.get_url())


def _package_state(request: PersonRequest, unit: CourseUnit, rules: Rules) -> PackageState:
    item = shelf().by_key.get(unit.package.key)
    if item is None:
        return package_state(package=unit.package, person=request.user, rules=rules)
    return package_states(items=[item], person=request.user, rules=rules)[0]


def _posting(request: PersonRequest) -> Posting | None:
    return request.posting or None


def _viewing_of(request: PersonRequest, unit: CourseUnit) -> ViewingSession | None:
    return (
        ViewingSession.objects.filter(person=request.user, video=unit.video)
        .select_related("person", "posting__unit", "video")
        .first()
    )


def _roll_call(
    request: PersonRequest, unit: CourseUnit, livestream: Livestream
) -> dict[str, dict[str, int]]:
    """What the page is to ask; nothing while nothing is to be answered."""
    viewing = _viewing_of(request, unit) if livestream.roll_call_minutes else None
    question = roll_call.question_to(viewing=viewing, at=database_now()) if viewing else None
    return {"roll_call": {"seconds_left": question.seconds_left}} if question else {}


def _shared(unit: CourseUnit, state: PackageState, *, is_preview: bool) -> dict[str, Any]:
    place = [u.unit.key for u in state.units].index(unit.key)
    around = {
        "previous": state.units[place - 1] if place else None,
        "next": state.units[place + 1] if place + 1 < len(state.units) else None,
    }
    return {
        "section": "course",
        "title": unit.title,
        "course": {"title": unit.package.title, "url": state.url},
        "units": [unit_row(u, is_open=True) for u in state.units],
        "done_count": state.done_count,
        "current_unit": place + 1,
        "is_preview": is_preview,
        **{
            name: {"title": u.unit.title, "url": unit_url(u.unit.key)} if u else None
            for name, u in around.items()
        },
    }


def _reading(unit: CourseUnit, state: PackageState) -> dict[str, Any]:
    mine = next(u for u in state.units if u.unit.key == unit.key)
    return {
        "unit": {
            "number": mine.number,
            "title": unit.title,
            "body": unit.body,
            "minutes": max(1, len(unit.body) // 400),
        },
        "is_done": mine.status == "done",
        "completed_at": mine.completed_at,
        "read_url": reverse("read", args=[unit.key]),
    }


def _state(viewing: ViewingSession, settlement: Settlement) -> str:
    if viewing.settled_at is not None:
        return "already"
    return "short" if settlement.state == "none" else settlement.state
