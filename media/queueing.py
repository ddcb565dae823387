"""The queue of transcodes: asked for, put in order by who waits, taken from the front.

The order is one column, `turn_at`, so the front is the first entry of an index and any number of
workers skip what another one is just taking.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from lms.common.errors import Refusal
from lms.journal.services import record
from lms.people.models import Person
from media import urgency, usage
from media.models import Livestream, TranscodeJob, Video

RUNNING, WAITING = TranscodeJob.State.RUNNING, TranscodeJob.State.WAITING


class NotWaiting(Refusal):
    code = "video_not_waiting"
    sentence = "这个视频不在排队，不用提前。"
    status = 409


def enqueue(*, video: Video, at: datetime) -> None:
    """Leave the intent to transcode, with fresh attempts. Inside the caller's transaction."""
    rank = urgencies_of([video.pk])[video.pk]
    TranscodeJob.objects.update_or_create(
        video=video,
        defaults={
            "state": WAITING, "attempts": 0, "worker": "", "lease_until": None, "not_before": None,
            "requested_at": at, "urgency": rank,
            "turn_at": urgency.turn_of(rank, requested_at=at),
        },
    )  # fmt: skip


def urgencies_of(video_ids: Collection[int]) -> dict[int, int]:
    """By video, in a number of queries that does not grow."""
    uses = usage.uses_of(video_ids)
    spoken = set(Livestream.objects.filter(video__in=video_ids).values_list("video_id", flat=True))
    videos = Video.objects.filter(pk__in=video_ids).values_list("pk", "build", "cold_name")
    return {
        pk: urgency.urgency_of(
            urgency.VideoFacts(
                is_cold=bool(cold_name),
                has_build=build is not None,
                is_used=pk in uses,
                is_awaited=pk in spoken or any(use.is_live for use in uses.get(pk, [])),
            )
        )
        for pk, build, cold_name in videos
    }


def refresh_urgencies() -> None:
    """What was published, or put into a unit, since it was asked for. What staff raised stays."""
    waiting = TranscodeJob.objects.filter(state=WAITING).exclude(urgency=urgency.RAISED)
    found = list(waiting)
    ranks = urgencies_of([job.video_id for job in found]) if found else {}
    for job in found:
        rank = ranks.get(job.video_id, job.urgency)
        if rank != job.urgency:
            turn_at = urgency.turn_of(rank, requested_at=job.requested_at)
            waiting.filter(pk=job.pk).update(urgency=rank, turn_at=turn_at)


@transaction.atomic
def raise_job(*, video: Video, by: Person | None, at: datetime) -> None:
    """Before all others that wait; those raised earlier stay before it. Raises NotWaiting."""
    turn_at = urgency.turn_of(urgency.RAISED, requested_at=at)
    raised = TranscodeJob.objects.filter(video=video, state=WAITING)
    if not raised.update(urgency=urgency.RAISED, turn_at=turn_at):
        raise NotWaiting
    record(action="video.raised", by=by, at=at, obj=video)


def claim_job(*, video_id: int, worker: str, at: datetime) -> TranscodeJob | None:
    """Take this video's job. None when it is not free."""
    return claimed(Q(video_id=video_id), worker=worker, at=at)


def claim_next(*, worker: str, at: datetime) -> TranscodeJob | None:
    """Take the job whose turn it is: one left by a silent worker first. None when nothing waits."""
    return claimed(Q(state=RUNNING), worker=worker, at=at) or claimed(
        Q(state=WAITING), worker=worker, at=at
    )


def claimed(wanted: Q, *, worker: str, at: datetime) -> TranscodeJob | None:
    """The first free one of the wanted; what another worker is just taking is skipped."""
    limit = settings.QIANGJI["TRANSCODE_MAX_ATTEMPTS"]
    with transaction.atomic():
        job = (
            TranscodeJob.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("video")
            .filter(wanted, free(at), attempts__lt=limit)
            .order_by("turn_at", "pk")
            .first()
        )
        if job is None:
            return None
        TranscodeJob.objects.filter(pk=job.pk).update(
            state=RUNNING, worker=worker, attempts=F("attempts") + 1, lease_until=lease_end(at),
            not_before=None, began_at=at,
        )  # fmt: skip
        Video.objects.filter(pk=job.video_id).update(state=Video.State.TRANSCODING, progress=0)
        return TranscodeJob.objects.select_related("video").get(pk=job.pk)


def free(at: datetime) -> Q:
    """Waiting, and not for room; or left by a worker that went silent."""
    waiting = Q(state=WAITING) & (Q(not_before=None) | Q(not_before__lte=at))
    return waiting | Q(state=RUNNING, lease_until__lt=at)


def lease_end(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.QIANGJI["TRANSCODE_LEASE_SECONDS"])
