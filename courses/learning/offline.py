"""What a browser is told about studying without a network: the control, a pack, a return."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from courses.catalogue.models import CourseUnit
from courses.learning.presenting import settlement_in_words, unit_url
from courses.learning.services import enrol, settle_viewing
from lms.common.errors import Refusal
from lms.credits.rules import Rules
from lms.people.account_marks import account_mark
from lms.people.models import Person, Posting
from media.links import signed_prefix
from media.live.selectors import livestream_of
from media.models import OfflinePack, ViewingSession
from media.offline.contents import POSTER, contents_of, forms_of
from media.offline.services import issue_pack
from media.offline.wire import Wanted
from media.places import captions_name
from media.selectors import caption_tracks


class LectureNotOver(Refusal):
    code = "lecture_not_over"
    sentence = gettext_noop("这场直播还没有结束，结束并转码后才能下载。")
    status = 409


class VideoNotReady(Refusal):
    code = "video_not_ready"
    sentence = gettext_noop("视频还在转码，好了才能下载。请过一会儿再试。")
    status = 409


def control_facts(
    person: Person, unit: CourseUnit, viewing: ViewingSession | None
) -> dict[str, Any] | None:
    """For the study page; None where there is nothing to take along."""
    if viewing is None or unit.video is None or not unit.video.is_ready:
        return None
    forms = forms_of(unit.video)
    if not forms:
        return None
    return {
        "unit": str(unit.key),
        "video": str(unit.video.key),
        "account": account_mark(person),
        "issue_url": reverse("offline-issue", args=[unit.key]),
        "forms": [{"name": form.name, "bytes": form.bytes} for form in forms],
    }


def take_along(
    *,
    person: Person,
    unit: CourseUnit,
    posting: Posting,
    wanted: Wanted,
    rules: Rules,
    at: datetime,
) -> dict[str, Any]:
    """Issue the pack (or the same again) and say what to fetch.

    Raises LectureNotOver, VideoNotReady, FormUnknown and what issue_pack raises.
    """
    video = unit.video
    livestream = livestream_of(video) if video else None
    if livestream is not None and livestream.ended_at is None:
        raise LectureNotOver
    if video is None or video.build is None:
        raise VideoNotReady
    contents = contents_of(video, wanted.form)
    max_rate = float(rules.max_rate) or 2.0
    enrol(person=person, unit=unit, posting=posting, at=at)
    pack = issue_pack(
        person=person, video=video, posting=posting,
        client_key=wanted.client_key, max_rate=max_rate, at=at,
    )  # fmt: skip
    viewing = ViewingSession.objects.get(person=person, video=video)
    return pack_facts(pack) | {
        "unit": str(unit.key),
        "account": account_mark(person),
        "title": unit.title,
        "course": unit.package.title,
        "lecturer": unit.package.lecturer_name,
        "unit_url": unit_url(unit.key),
        "form": wanted.form,
        "bytes": contents.bytes,
        "prefix": signed_prefix(
            video_key=video.key, build=video.build, viewer_id=person.pk, at=at
        ),
        "files": contents.files,
        "index": contents.index,
        "poster": POSTER,
        "captions": [
            {"language": track.language, "label": track.label,
             "file": captions_name(track.digest), "default": track.is_default}
            for track in caption_tracks(video)
        ],
        "duration_seconds": viewing.duration_seconds,
        "watched": [list(span) for span in viewing.counted],
        "max_rate": pack.max_rate,
        "coverage_share": float(rules.coverage_share),
    }  # fmt: skip


def pack_facts(pack: OfflinePack) -> dict[str, Any]:
    """What one's own list says of a pack."""
    return {
        "key": str(pack.key),
        "client_key": str(pack.client_key),
        "video_key": str(pack.video.key),
        "issued_at": pack.issued_at.isoformat(),
        "expires_at": pack.expires_at.isoformat(),
        "is_open": pack.given_up_at is None,
    }


def return_facts(viewing: ViewingSession, at: datetime) -> dict[str, Any]:
    """What a return came to, with the hours if it was enough."""
    said = _("离线看的时段已经计入。")
    try:
        said += settlement_in_words(settle_viewing(viewing=viewing, at=at))
    except Refusal as refusal:
        said += refusal.as_json()["message"]
    return {"watched": [list(span) for span in viewing.counted], "message": said}
