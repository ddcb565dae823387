"""Roll call in a live lecture: whoever watches is asked now and then whether they are there (ADR 0026).

When the next question comes is drawn when the last was answered and never leaves the database, so
nobody can answer ahead. All is judged by the deadline alone: who is not asked because their page asks
for nothing has not answered either.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from lms.common.errors import Refusal
from lms.common.spans import union
from media.models import Livestream, ViewingSession

_random = SystemRandom()


class NoRollCall(Refusal):
    code = "no_roll_call"
    sentence = gettext_noop("这里现在没有点名，不用应答。")
    status = 409


class NotAsked(Refusal):
    code = "not_asked"
    sentence = gettext_noop("还没有点到，不用应答。点名会自己出现。")
    status = 409


@dataclass(frozen=True)
class Question:
    """Asked and not answered yet; `seconds_left` is 0 once it is late."""

    seconds_left: int


def first_deadline(*, livestream: Livestream, at: datetime) -> dict[str, Any]:
    """Columns of a new viewing; empty where there is no roll call."""
    if livestream.roll_call_minutes is None:
        return {}
    grace = settings.QIANGJI["ROLL_CALL_SECONDS"]
    return {"grace_seconds": grace, "present_until": _next(livestream, grace, at)}


def question_to(*, viewing: ViewingSession, at: datetime) -> Question | None:
    """What is to be answered now. `at` is the database's clock."""
    if viewing.present_until is None or not _is_due(viewing, at):
        return None
    return Question(max(0, int((viewing.present_until - at).total_seconds())))


@transaction.atomic
def answer(*, viewing: ViewingSession, wants_more_time: bool, at: datetime) -> bool:
    """Here I am. Whether it was in time: if not, what was watched since the last answer counts only
    once it is watched again. Raises NoRollCall, NotAsked."""
    locked = ViewingSession.objects.select_for_update().get(pk=viewing.pk)
    livestream = Livestream.objects.filter(video=locked.video_id).first()
    if locked.present_until is None or livestream is None:
        raise NoRollCall
    if not _is_due(locked, at):
        raise NotAsked
    is_in_time = at <= locked.present_until
    if not is_in_time:
        locked.unattended = union(locked.unattended, locked.awaiting)
    locked.awaiting = []
    if wants_more_time:
        locked.grace_seconds = settings.QIANGJI["ROLL_CALL_MORE_SECONDS"]
    locked.present_until = _next(livestream, locked.grace_seconds, at)
    locked.save(update_fields=["unattended", "awaiting", "grace_seconds", "present_until"])
    return is_in_time


def _is_due(viewing: ViewingSession, at: datetime) -> bool:
    assert viewing.present_until is not None
    return at >= viewing.present_until - timedelta(seconds=viewing.grace_seconds)


def _next(livestream: Livestream, grace_seconds: int, at: datetime) -> datetime:
    """Half to one and a half times the interval from now, and the time to answer."""
    minutes = (livestream.roll_call_minutes or 0) * (0.5 + _random.random())
    return at + timedelta(minutes=minutes, seconds=grace_seconds)
