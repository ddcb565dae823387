"""Queue entry points. Each takes an id, calls one function, and may run twice (security 25)."""

import os
import socket
import uuid

from celery import shared_task

from lms.common.clock import database_now
from media import jobs
from media.live import replay


@shared_task(acks_late=True, reject_on_worker_lost=True)
def transcode(video_id: int) -> None:
    worker = f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    jobs.transcode_video(video_id=video_id, worker=worker)


@shared_task
def resume_stale_jobs() -> None:
    """Offer again what a lost message or a killed worker left behind."""
    for video_id in jobs.release_stale_jobs(at=database_now()):
        transcode.delay(video_id)


@shared_task(acks_late=True, reject_on_worker_lost=True)
def record_replays() -> int:
    """Make sources of the lectures that are over. Returns how many."""
    due = replay.recordings_to_make(at=database_now())
    for livestream_id in due:
        video = replay.make_source(livestream_id=livestream_id, at=database_now())
        if video is not None and video.source:
            transcode.delay(video.pk)
    return len(due)
