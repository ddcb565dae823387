"""What the study page of a video unit shows and what its player is told (design §5)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.catalogue.models import CourseUnit
from courses.learning.rules import Coverage, coverage_of
from lms.common.spans import common
from lms.common.wording import hours_text
from lms.credits.rules import Rules
from lms.people.models import Person
from lms.people.requests import PersonRequest
from media.live.selectors import live_urls, livestream_of
from media.models import CaptionTrack, Livestream, Video, ViewingSession
from media.selectors import caption_tracks, delivery_urls
from media.viewing import viewing_token

SPEED_WITHOUT_RULES = 2.0


def video_context(
    request: PersonRequest,
    unit: CourseUnit,
    video: Video,
    viewing: ViewingSession | None,
    rules: Rules,
    at: datetime,
    earned: Decimal,
) -> dict[str, Any]:
    """The part of learning/study.html's contract that a video unit adds."""
    duration = viewing.duration_seconds if viewing else video.duration_seconds
    coverage = coverage_of(viewing.counted if viewing else [], duration, rules)
    captions = caption_tracks(video)
    livestream, config = livestream_of(video), None
    if video.is_ready or (livestream is not None and livestream.has_begun):
        config = player_facts(request, unit, video, captions, viewing, rules, at)
    return {
        "unit": {
            "number": unit.sort_order + 1,
            "title": unit.title,
            "lecturer": unit.package.lecturer_name,
        },
        "state": _state(video, livestream),
        "live": livestream,
        "unit_key": unit.key,
        "progress": video.progress,
        "config": config,
        "poster_url": config["poster_url"] if config else "",
        "coverage": {
            "duration_seconds": duration,
            "covered_seconds": coverage.covered_seconds,
            "needed_seconds": coverage.needed_seconds,
            "short_text": length_in_words(coverage.short_seconds),
            "watched": list(viewing.counted) if viewing else [],
            "watched_live": common(viewing.watched_live, viewing.counted) if viewing else [],
            "unattended": list(viewing.unattended) if viewing else [],
            "missing": list(coverage.missing),
        },
        "hours": coverage.band_hours if viewing else None,
        "settled": _settled(viewing, earned),
        "cues": _cues(captions, coverage),
    }


def player_facts(
    request: PersonRequest,
    unit: CourseUnit,
    video: Video,
    captions: list[CaptionTrack],
    viewing: ViewingSession | None,
    rules: Rules,
    at: datetime,
) -> dict[str, Any]:
    """The player's configuration. Without a viewing nothing is counted and no beat is sent."""
    max_rate = float(rules.max_rate) or SPEED_WITHOUT_RULES
    facts = {
        **_files(video, captions, request.user, at),
        "title": unit.title,
        "lecturer": unit.package.lecturer_name,
        "course": unit.package.title,
        "chapters": [],
        "duration_seconds": video.duration_seconds,
        "watched": [],
        "resume_at": 0,
        "max_rate": max_rate,
        "coverage_share": float(rules.coverage_share),
        "beat_url": "",
        "token": "",
        "settle_url": "",
        "refresh_url": reverse("player-config", args=[unit.key]),
        "record_url": reverse("record"),
    }
    if viewing is None:
        return facts
    return facts | {
        "viewing": viewing.pk,
        "duration_seconds": viewing.duration_seconds,
        "watched": [list(span) for span in viewing.counted],
        "watched_live": [list(span) for span in common(viewing.watched_live, viewing.counted)],
        "resume_at": _resume_at(viewing),
        "beat_url": "/beats",
        "token": viewing_token(
            viewing=viewing, session_key=request.session.session_key or "", max_rate=max_rate, at=at
        ),
        "settle_url": reverse("settle", args=[unit.key]),
        "is_settled": viewing.settled_at is not None,
    }


def _files(
    video: Video, captions: list[CaptionTrack], viewer: Person, at: datetime
) -> dict[str, Any]:
    livestream = livestream_of(video)
    if livestream is not None:
        return live_urls(livestream=livestream, viewer=viewer, at=at)
    return delivery_urls(video=video, captions=captions, viewer=viewer, at=at)


def length_in_words(seconds: int) -> str:
    """62 → `1 分 02 秒`."""
    minutes, rest = divmod(seconds, 60)
    if minutes == 0:
        return _("%(seconds)d 秒") % {"seconds": rest}
    return _("%(minutes)d 分 %(seconds)02d 秒") % {"minutes": minutes, "seconds": rest}


def _state(video: Video, livestream: Livestream | None) -> str:
    if video.is_ready or (livestream is not None and livestream.has_begun):
        return "ready"
    if livestream is not None:
        return "announced"
    return "failed" if video.state == Video.State.FAILED else "preparing"


def _settled(viewing: ViewingSession | None, earned: Decimal) -> dict[str, str] | None:
    """What became of the hours, once they are on the ledger."""
    if viewing is None or viewing.settled_at is None:
        return None
    return {
        "sentence": _("够了，%(hours)s 学时已入账。") % {"hours": hours_text(earned)},
        "record_url": reverse("record"),
    }


def _cues(captions: list[CaptionTrack], coverage: Coverage) -> list[dict[str, Any]]:
    """The transcript; a line is missed when any of its seconds is, once something was watched."""
    if not captions:
        return []
    gaps = coverage.missing if coverage.covered_seconds else []
    return [
        {
            "start_seconds": start,
            "text": text,
            "is_missed": any(a < end and start < b for a, b in gaps),
        }
        for start, end, text in captions[0].cues
    ]


def _resume_at(viewing: ViewingSession) -> int:
    """Where the learner stopped; from the start again after having reached the end."""
    at_end = viewing.position_seconds >= viewing.duration_seconds - 2
    return 0 if at_end else viewing.position_seconds
