"""The month of mobile classrooms, as a learner sees it."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from courses.classroom.presenting import Here, month_grid, stop_facts
from courses.classroom.selectors import places_of, sign_ups_of, stops_shown
from lms.common.clock import local_date
from lms.people.access import signed_in
from lms.people.requests import PersonRequest

SHOWS = ("near", "all", "mine")
NEXT_SHOWN = 8
FIRST, LAST = date(2020, 1, 1), date(2099, 12, 1)


@signed_in
@require_GET
def classroom(request: PersonRequest) -> HttpResponse:
    """`month` (2026-11), `show` (near, all, mine), `day` (2026-11-26: the stops of one day)."""
    at = timezone.now()
    today = local_date(at)
    month = _month(request.GET.get("month", ""), today)
    here = here_of(request)
    show = request.GET.get("show", "")
    show = show if show in SHOWS else "all"
    own = {row.stop_id: row for row in sign_ups_of(request.user)}
    first = month - timedelta(days=7)
    after = (month + timedelta(days=32)).replace(day=1)
    in_grid = stops_shown(
        unit=here.unit, since=_midnight(first), until=_midnight(after + timedelta(days=7)), at=at
    )
    everything = [(stop, stop_facts(stop, own.get(stop.pk), here, at)) for stop in in_grid]
    chosen = [facts for stop, facts in everything if _is_in(show, stop, facts, here)]
    day = _day(request.GET.get("day", ""))
    context: dict[str, Any] = {
        "section": "classroom", "title": _("流动课堂"), "month": month, "show": show,
        "before": (month - timedelta(days=1)).replace(day=1), "after": after,
        "cells": month_grid(month, chosen, today),
        "week": _week(chosen, today) if month == today.replace(day=1) else [],
        "count": sum(local_date(f["starts_at"]).month == month.month for _s, f in everything),
        "day": day, "feed_url": True,
        "next": _coming(chosen, day, month, today, at),
        "has_any": bool(everything),
    }  # fmt: skip
    return render(request, "classroom/calendar.html", context)


def here_of(request: HttpRequest) -> Here:
    posting = request.posting  # type: ignore[attr-defined]
    if posting is None:
        return Here(None)
    return Here(posting.unit, places_of(posting.unit))


def _is_in(show: str, stop: Any, facts: dict[str, Any], here: Here) -> bool:
    if show == "mine":
        return bool(facts["own"])
    return show == "all" or here.is_near(stop)


def _coming(
    stops: list[dict[str, Any]], day: date | None, month: date, today: date, at: datetime
) -> list[dict[str, Any]]:
    """Of a day: all of it. Otherwise what is still to come, from the month's first day on."""
    if day is not None:
        return [facts for facts in stops if local_date(facts["starts_at"]) == day]
    since = max(at, _midnight(month))
    return [facts for facts in stops if facts["starts_at"] >= since][:NEXT_SHOWN]


def _week(stops: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """This week for a narrow screen: [{day, count, is_today}]."""
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=number) for number in range(7)]
    held = [local_date(facts["starts_at"]) for facts in stops]
    return [{"day": d, "count": held.count(d), "is_today": d == today} for d in days]


def _month(text: str, today: date) -> date:
    """The first of the month named; this one where nothing sensible is."""
    found = _day(f"{text}-01")
    return found if found is not None and FIRST <= found <= LAST else today.replace(day=1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
