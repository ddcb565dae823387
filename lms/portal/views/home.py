"""The first screen: for a visitor what this is; for a learner what is left, what was begun, what to do."""

from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from courses.learning.lectures import lecture_facts
from courses.learning.lives import lectures_for
from courses.learning.presenting import card, unit_url
from courses.learning.selectors import (
    PackageState,
    UnitState,
    last_seen_times,
    package_states,
    recent_packages,
    standings,
)
from courses.learning.shelf import VERSION_KEY, shelf
from courses.learning.views.policy import policy_shown_to, rules_of
from lms.common.clock import local_date
from lms.common.wording import ranges_text
from lms.credits.models import Bucket
from lms.credits.rules import Rules
from lms.credits.selectors import yearly_totals
from lms.people.access import public
from lms.people.requests import PersonRequest
from lms.portal.landing import EXAMPLE, landing_policy
from lms.portal.years import in_person_bucket, online_bucket, required_of

NEW_COURSES, ONGOING, LANDING_COURSES, LECTURES = 3, 3, 6, 3
Facts = dict[str, Any]
LANDING_KEPT_SECONDS = 30


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return learner_home(cast(PersonRequest, request))
    return landing(request)


def landing(request: HttpRequest) -> HttpResponse:
    """The same for every visitor, so it is rendered once in a while and kept."""
    key = f"landing:{get_language()}:{cache.get(VERSION_KEY)}"
    # A notice is this visitor's alone, and links of the page repeat the query it was asked with.
    is_anybodys = not request.META.get("QUERY_STRING") and not len(get_messages(request))
    body = cache.get(key) if is_anybodys else None
    if body is None:
        body = render_to_string("portal/landing.html", _landing_context(request), request)
        if is_anybodys:
            cache.set(key, body, LANDING_KEPT_SECONDS)
    answer = HttpResponse(body)
    answer["Cache-Control"] = "private, max-age=0"  # a visitor who signs in sees their own page
    return answer


def _landing_context(request: HttpRequest) -> dict[str, Any]:
    policy = policy_shown_to(request)
    rules, items = rules_of(policy), shelf().items
    return {
        "section": "home",
        "title": _("首页"),
        "login_url": reverse("account_login"),
        "course_count": len(items),
        "unit_count": sum(len(item.units) for item in items),
        "cards": [card(item, None, rules) for item in items[:LANDING_COURSES]],
        "policy": landing_policy(policy) if policy else None,
        "example": EXAMPLE,
    }


def learner_home(request: PersonRequest) -> HttpResponse:
    today = local_date(timezone.now())
    policy = policy_shown_to(request)
    rules = rules_of(policy)
    required = required_of(request.posting or None, rules if policy else None)
    totals = yearly_totals(person=request.user)
    recent = recent_packages(person=request.user, limit=ONGOING + 1)
    states = package_states(items=recent, person=request.user, rules=rules)
    unfinished = [state for state in states if not state.is_done and state.next_unit]
    items = shelf().items
    known = standings(person=request.user, items=items)
    unbegun = [item for item in items if known[item.key].state == "new"]
    unbegun.sort(key=lambda item: not item.page.is_required)
    on, others = _lectures(request, rules)
    return render(
        request,
        "portal/home.html",
        {
            "section": "home",
            "title": _("首页"),
            "today": today,
            "days_left": (date(today.year, 12, 31) - today).days,
            "online": online_bucket(_earned(totals, today, Bucket.ONLINE), required.online, today),
            "in_person": in_person_bucket(
                _earned(totals, today, Bucket.IN_PERSON), required.in_person, rules
            ),
            "resume": _resume(unfinished[0]) if unfinished else None,
            "ongoing": _ongoing(request, unfinished[1:]),
            "todos": _todos(states),
            "lectures_on": on,
            "lectures": others,
            "new_courses": [card(item, known[item.key], rules) for item in unbegun[:NEW_COURSES]],
        },
    )


def _lectures(request: PersonRequest, rules: Rules) -> tuple[list[Facts], list[Facts]]:
    """What is on now, at most one; then what comes next and the freshest replays."""
    at = timezone.now()
    found = [
        lecture_facts(one, rules, at)
        for one in lectures_for(unit=request.posting.unit if request.posting else None, at=at)
    ]
    on = [one for one in found if one["kind"] == "on"][:1]
    return on, [one for one in found if one not in on][:LECTURES]


def _earned(totals: dict[tuple[int, str], Decimal], today: date, bucket: str) -> Decimal:
    return totals.get((today.year, bucket), Decimal(0))


def _resume(state: PackageState) -> dict[str, Any]:
    """`resume` of portal/home.html: the unit to go on with, with what was watched of it."""
    unit = state.next_unit
    assert unit is not None  # the caller keeps only states with one
    package, coverage = state.package, unit.coverage
    gaps = list(coverage.missing) if coverage and unit.status == "short" else []
    return {
        "title": unit.unit.title,
        "url": unit_url(unit.unit.key),
        "package_title": package.title,
        "package_url": state.url,
        "topic": package.get_topic_display(),
        "key": str(package.key),
        "unit_number": unit.number,
        "unit_count": len(state.units),
        "lecturer": package.lecturer_name,
        "is_required": package.is_required,
        "kind": unit.unit.kind,
        "duration_seconds": coverage.duration_seconds if coverage else 0,
        "start_seconds": coverage.start_seconds if coverage else 0,
        "watched": list(coverage.watched) if coverage else [],
        "missing": gaps,
        "resume_at": gaps[0][0] if gaps else unit.position_seconds,
        "coverage_percent": _needed_percent(unit),
        "hours": coverage.band_hours if coverage else None,
    }


def _needed_percent(unit: UnitState) -> int:
    if unit.coverage is None or not unit.coverage.duration_seconds:
        return 0
    return round(unit.coverage.needed_seconds * 100 / unit.coverage.duration_seconds)


def _ongoing(request: PersonRequest, states: list[PackageState]) -> list[dict[str, Any]]:
    seen = last_seen_times(person=request.user, packages=[state.package for state in states])
    return [
        {
            "title": state.package.title,
            "url": state.url,
            "topic": state.package.get_topic_display(),
            "percent": state.percent,
            "last_at": seen[state.package.key],
            "hours": state.possible_hours,
        }
        for state in states
    ]


def _todos(states: list[PackageState]) -> list[dict[str, str]]:
    """Segments left behind: each is a few minutes away from its hours."""
    todos = []
    for state in states:
        for unit in state.units:
            if unit.status == "short" and unit.coverage is not None:
                spans = ranges_text(unit.coverage.missing)
                todos.append(
                    {
                        "title": _("补看「%(title)s」") % {"title": unit.unit.title},
                        "sentence": _("还差 %(spans)s，看满就记学时。") % {"spans": spans},
                        "url": f"{unit_url(unit.unit.key)}?t={unit.coverage.missing[0][0]}",
                        "action": _("补看缺的一段"),
                    }
                )
    return todos[:4]
