"""How long a video will still take, in words, from what was measured."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from media import urgency
from media.models import TranscodeJob

MEASURED = 20


def waits_of(video_ids: Collection[int], *, at: datetime) -> dict[int, str]:
    """By video at work or in the queue; two queries, one more when something is running."""
    jobs = TranscodeJob.objects.filter(video__in=video_ids)
    running = list(
        jobs.filter(state=TranscodeJob.State.RUNNING, began_at__isnull=False)
        .values_list("video_id", "began_at", "video__progress", "video__duration_seconds")
    )  # fmt: skip
    words = places_of(video_ids)
    factor = measured_factor() if running else urgency.USUAL_FACTOR
    for video_id, began_at, percent, duration in running:
        assert began_at is not None  # the filter's
        words[video_id] = time_words(
            urgency.seconds_left(
                percent=percent,
                elapsed_seconds=(at - began_at).total_seconds(),
                duration_seconds=duration,
                factor=factor,
            )
        )
    return words


def places_of(video_ids: Collection[int]) -> dict[int, str]:
    """How many wait before each; one query over those waiting."""
    queue = TranscodeJob.objects.filter(state=TranscodeJob.State.WAITING)
    numbered = queue.annotate(
        place=Window(RowNumber(), order_by=[F("turn_at").asc(), F("pk").asc()])
    ).values_list("video_id", "place", "not_before")
    wanted = set(video_ids)
    return {
        video_id: place_words(place - 1)
        for video_id, place, not_before in numbered
        if video_id in wanted and not_before is None
    }


def measured_factor() -> float:
    """Seconds of work for a second of video, of those finished last."""
    done = TranscodeJob.objects.filter(
        state=TranscodeJob.State.DONE, took_seconds__isnull=False, video__duration_seconds__gt=0
    )
    pairs = done.order_by("-began_at").values_list("took_seconds", "video__duration_seconds")
    return urgency.factor_of([(took or 0, lasted) for took, lasted in pairs[:MEASURED]])


def time_words(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return _("马上就好")
    if minutes < 90:
        return _("约还需 %(n)d 分钟") % {"n": minutes}
    return _("约还需 %(n)d 小时") % {"n": round(minutes / 60)}


def place_words(before: int) -> str:
    if not before:
        return _("下一个就是它")
    return _("前面还有 %(n)d 个视频") % {"n": before}
