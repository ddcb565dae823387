"""Queue entry points. Each takes an id, calls one function, and may run twice (security 25)."""

import os
import socket
import uuid

from celery import shared_task

from lms.common.clock import database_now
from media import jobs
from media.uploads import finishing


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
def check_upload(upload_id: int) -> None:
    """An upload that is all there: looked at, kept as a video, or refused."""
    video = finishing.finish_upload(upload_id=upload_id)
    if video is not None:
        transcode.delay_on_commit(video.pk)


@shared_task
def tend_uploads() -> None:
    """Check what a lost message or a killed worker left, and clear what nobody finished."""
    for upload_id in finishing.tend_uploads(at=database_now()):
        check_upload.delay(upload_id)
