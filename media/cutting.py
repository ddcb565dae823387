"""What of a recording is the lecture, and its chapters: one fact beside the video, nothing encoded again (ADR 0025).

The timeline stays that of the recording: every second somebody has watched keeps its meaning.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.dispatch import Signal
from django.utils.translation import gettext as _

from lms.common.errors import Refusal
from lms.journal.models import JournalEntry
from lms.journal.services import record
from lms.people.models import Person
from media.chapters import Chapters, clock, refuse_wrong
from media.models import Livestream, Video, ViewingSession

Span = tuple[int, int] | None
SHORTEST_SECONDS = 10

# Sent with `video` and `at` in the transaction, before another span is written: who has seen enough of
# the old one is to get their hours first.
span_changes = Signal()


class CutRefused(Refusal):
    code = "span_refused"
    status = 422
    sentence = "片头片尾没有保存。"


class CutChanged(Refusal):
    code = "cut_changed"
    status = 409
    sentence = (
        "你打开以后，有人改过片头片尾或章节。你填的都在下面，还没有保存。再按一次保存，就用你的。"
    )


@dataclass(frozen=True)
class Impact:
    """Whom another span touches: `begun` are counted anew, `settled` keep what they have."""

    begun: int
    settled: int


def impact_of(video: Video) -> Impact:
    settled = Q(settled_at__isnull=False)
    counted = ViewingSession.objects.filter(video=video).aggregate(
        begun=Count("pk", filter=~settled & ~Q(watched=[])), settled=Count("pk", filter=settled)
    )
    return Impact(**counted)


def digest_of(video: Video) -> str:
    """What stands now, to tell whether somebody changed it since a page was opened."""
    stands = json.dumps([video.span, video.chapters], ensure_ascii=False)
    return hashlib.sha256(stands.encode()).hexdigest()[:16]


@transaction.atomic
def cut(
    *, video: Video, span: Span, chapters: Chapters, seen: str, by: Person | None, at: datetime
) -> None:
    """Keep both as they are to be. The same again changes nothing; nobody loses hours by it.

    `seen` is the digest of what was opened. Viewings not settled yet are assessed against the new span.
    Raises CutRefused, chapters.ChaptersRefused, CutChanged.
    """
    kept = Video.objects.select_for_update(no_key=True).get(pk=video.pk)
    span = checked_span(kept, span)
    refuse_wrong(chapters, span=span or (0, kept.duration_seconds))
    wanted = {"span": list(span) if span else None, "chapters": [list(one) for one in chapters]}
    before = {"span": list(kept.span) if kept.span else None, "chapters": kept.chapters}
    if wanted == before:
        return
    if seen != digest_of(kept):
        raise CutChanged
    if wanted["span"] != before["span"]:
        span_changes.send(Video, video=kept, at=at)
        ViewingSession.objects.filter(video=kept, settled_at=None).update(assessed_at=None)
    kept.span_start_seconds, kept.span_end_seconds = span or (None, None)
    kept.chapters = wanted["chapters"]
    kept.save(update_fields=["span_start_seconds", "span_end_seconds", "chapters"])
    record(action="video.cut", by=by, at=at, obj=kept, detail={"before": before, "after": wanted})


def checked_span(video: Video, span: Span) -> Span:
    """The span, None when it is all of the recording. Raises CutRefused."""
    length = video.duration_seconds
    if length == 0 or Livestream.objects.filter(video=video, ended_at=None).exists():
        raise CutRefused(
            _("这个视频还没有录完或转好。知道了有多长，才能剪。"), code="video_not_over"
        )
    if span is None or span == (0, length):
        return None
    start, end = span
    if not 0 <= start <= length or not 0 <= end <= length:
        raise CutRefused(
            _("片长 %(length)s，开始和结束都要在里面。") % {"length": clock(length)},
            code="span_outside",
        )
    if start >= end:
        raise CutRefused(_("结束要晚于开始。"), code="span_backward")
    if end - start < SHORTEST_SECONDS:
        raise CutRefused(
            _("剪得只剩 %(left)d 秒，至少留 %(least)d 秒。")
            % {"left": end - start, "least": SHORTEST_SECONDS},
            code="span_short",
        )  # fmt: skip
    return span


def cut_before(video: Video) -> dict[str, Any] | None:
    """`span` and `chapters` as they stood before the last change; None when there was none."""
    last = JournalEntry.objects.filter(
        object_type=video._meta.label, object_id=str(video.pk), action="video.cut"
    ).order_by("-at", "-id")[:1]
    return next((entry.detail["before"] for entry in last), None)
