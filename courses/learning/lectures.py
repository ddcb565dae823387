"""Lectures spoken at a time, as the templates' contracts want them."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from courses.learning.lives import Lecture, State
from courses.learning.presenting import unit_url
from lms.common.clock import local_date
from lms.common.wording import stamp_text
from lms.credits.rules import Rules, band_hours
from media.live.selectors import expected_seconds


def lecture_facts(lecture: Lecture, rules: Rules, at: datetime) -> dict[str, Any]:
    """A row of learning/partials/lectures.html."""
    page, livestream = lecture.page, lecture.livestream
    seconds = expected_seconds(livestream.video)
    held_at = localtime(livestream.began_at or livestream.starts_at)
    return {
        "title": page.title,
        "url": page.get_url(),
        "summary": page.summary,
        "kind": "on" if lecture.is_on else "replay" if lecture.is_over else "to_come",
        "state": livestream.state,
        "state_words": _("回放") if lecture.is_over else livestream.get_state_display(),
        "held_at": held_at,
        "starts_at": localtime(livestream.starts_at),
        "ends_at": localtime(livestream.ends_at),
        "month_and_weekday": date_format(held_at, _("n月 D")).replace("星期", "周"),
        "when": when_in_words(lecture, at),
        "lecturer": livestream.lecturer,
        "lecturer_post": page.lecturer_post,
        "minutes": round(seconds / 60),
        "hours": band_hours(seconds, rules) if lecture.unit and seconds else None,
        "coverage_percent": int(rules.coverage_share * 100),
        "study_url": unit_url(lecture.unit.key) if lecture.unit else "",
        "package": {"title": lecture.item.page.title, "url": lecture.item.url}
        if lecture.item
        else None,
        "calendar_url": reverse("lecture-calendar", args=[page.slug]),
        "owner_unit": livestream.video.owner_unit.name,
    }


def when_in_words(lecture: Lecture, at: datetime) -> str:
    """`今天 14:30 开讲`, `已讲 12 分钟`, `11月24日讲的`."""
    livestream = lecture.livestream
    if lecture.is_over:
        return _("%(day)s讲的") % {"day": stamp_text(localtime(livestream.began_at))}
    if livestream.state == State.LIVE and livestream.began_at:
        minutes = int((at - livestream.began_at).total_seconds() // 60)
        return _("已讲 %(minutes)d 分钟") % {"minutes": minutes} if minutes else _("刚开讲")
    if livestream.state == State.INTERRUPTED:
        return _("信号断了，正在等它恢复")
    days = (local_date(livestream.starts_at) - local_date(at)).days
    clock = date_format(localtime(livestream.starts_at), "H:i")
    if at > livestream.starts_at:
        return _("原定 %(at)s，还没开讲") % {"at": stamp_text(localtime(livestream.starts_at))}
    near = {0: _("今天 %(clock)s 开讲"), 1: _("明天 %(clock)s 开讲"), 2: _("后天 %(clock)s 开讲")}
    sentence = near.get(days) or _("%(days)d 天后 %(clock)s 开讲")
    return sentence % {"days": days, "clock": clock}
