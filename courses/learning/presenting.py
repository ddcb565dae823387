"""Units, packages and cards as the templates' contracts want them (see each template's comment)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.catalogue.models import CoursePackagePage, Topic
from courses.learning.rules import bands_in_words, clock
from courses.learning.selectors import PackageState, Standing, UnitState
from courses.learning.services import Settlement
from courses.learning.shelf import ShelfItem
from lms.common.fields import Spans
from lms.credits.models import PolicyVersion
from lms.credits.rules import Rules
from media.live.selectors import planned_livestream

TOPICS = dict(Topic.choices)


def unit_row(state: UnitState, *, is_open: bool) -> dict[str, Any]:
    """A row of learning/partials/outline.html."""
    coverage, length = state.coverage, state.coverage or state.expected
    return {
        "number": state.number,
        "title": state.unit.title,
        "kind": state.unit.kind,
        "url": unit_url(state.unit.key) if is_open else None,
        "duration_seconds": length.duration_seconds if length else None,
        "hours": length.band_hours if length else None,
        "state": state.status,
        "live": planned_livestream(state.unit.video) if state.unit.video else None,
        "missing": list(coverage.missing) if coverage and state.status == "short" else [],
        "percent": coverage.percent if coverage else 0,
        "completed_at": state.completed_at,
    }


def unit_url(key: UUID) -> str:
    return reverse("study", args=[key])


def course_facts(package: CoursePackagePage, state: PackageState) -> dict[str, Any]:
    """`course` of learning/course_page.html."""
    return {
        "title": package.title,
        "summary": package.summary,
        "topic": package.get_topic_display(),
        "topic_url": f"/courses/?topic={package.topic}",
        "key": str(package.key),
        "is_required": package.is_required,
        "edition_label": package.edition_label,
        "hours": state.possible_hours,
        "minutes": minutes(state.duration_seconds),
        "awaits_length": any(unit.status == "pending" for unit in state.units),
        "unit_count": len(state.units),
        "objectives": package.objectives.split("\n") if package.objectives else [],
        "owner_unit": package.owner_unit.name,
        "updated_on": package.last_published_at,
        "lecturer_name": package.lecturer_name,
        "lecturer_post": package.lecturer_post,
        "lecturer_note": package.lecturer_note,
        "url": state.url,
    }


def course_progress(state: PackageState) -> dict[str, Any]:
    """`progress` of learning/course_page.html for a signed-in reader."""
    following = state.next_unit
    return {
        "earned": state.earned_hours,
        "percent": state.percent,
        "is_done": state.is_done,
        "next": next_step(following) if following else None,
    }


def next_step(unit: UnitState) -> dict[str, Any]:
    gaps: Spans = list(unit.coverage.missing) if unit.coverage and unit.status == "short" else []
    return {
        "url": unit_url(unit.unit.key),
        "unit_title": unit.unit.title,
        "missing": list(gaps[0]) if gaps else None,
        "at": gaps[0][0] if gaps else unit.position_seconds,
        "is_started": unit.status != "new",
    }


def policy_facts(policy: PolicyVersion | None) -> dict[str, Any] | None:
    """`policy` of learning/course_page.html."""
    if policy is None:
        return None
    rules = policy.figures()
    return {
        "title": policy.title,
        "label": policy.label,
        "bands_sentence": bands_in_words(rules),
        "coverage_percent": int(rules.coverage_share * 100),
        "daily_cap": rules.daily_cap,
        "effective_from": policy.effective_from,
    }


def card(item: ShelfItem, standing: Standing | None, rules: Rules) -> dict[str, Any]:
    """A card of learning/partials/cards.html."""
    page = item.page
    return {
        "title": page.title,
        "url": item.url,
        "topic": str(TOPICS[page.topic]),
        "key": str(item.key),
        "lecturer": page.lecturer_name,
        "lecturer_post": page.lecturer_post,
        "hours": item.hours(rules),
        "minutes": minutes(item.duration_seconds),
        "unit_count": len(item.units),
        "is_required": page.is_required,
        "live": item.livestream,
        "state": standing.state if standing else None,
        "percent": standing.percent if standing else 0,
        "earned": standing.earned if standing else Decimal(0),
    }


def minutes(seconds: int) -> int:
    """Whole minutes as people say them: at least one for anything there is."""
    return max(1, round(seconds / 60)) if seconds else 0


def settlement_in_words(settlement: Settlement) -> str:
    """What a settlement came to, for the learner."""
    hours = f"{settlement.hours.normalize():f}"
    if settlement.state == "earned":
        return _("够了，%(hours)s 学时已入账。") % {"hours": hours}
    if settlement.state == "capped":
        return _("今天的网络学习到上限了，这次记余下的 %(hours)s 学时。") % {"hours": hours}
    if settlement.state == "cap_reached":
        return _("今天的网络学习已到上限，这次看完不再记学时，看过的记录都在。")
    return _("还差 %(rest)s，看满就记学时。") % {"rest": clock(settlement.coverage.short_seconds)}
