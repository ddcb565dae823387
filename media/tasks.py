"""Queue entry points. Each takes an id, calls one function, and may run twice (security 25)."""

import os
import socket
import uuid

from celery import shared_task

from lms.common.clock import database_now
from media import builds, cold, jobs, recognising
from media.live import replay
from media.uploads import finishing


@shared_task(acks_late=True, reject_on_worker_lost=True)
def transcode(video_id: int) -> None:
    """A wake-up: what is done is the job whose turn it is, which need not be the one it came for."""
    worker = f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    jobs.transcode_next(worker=worker)


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


@shared_task
def discard_past_builds() -> None:
    """The builds of replaced sources, once nobody's page plays them any more."""
    builds.discard_past_builds(at=database_now())


@shared_task(acks_late=True, reject_on_worker_lost=True)
def recognise(video_id: int, language: str) -> None:
    recognising.recognise_video(video_id=video_id, language=language)


@shared_task
def resume_stale_recognitions() -> None:
    for video_id, language in recognising.stale_drafts(at=database_now()):
        recognise.delay(video_id, language)


@shared_task(acks_late=True, reject_on_worker_lost=True)
def archive_source(video_id: int) -> None:
    cold.archive_wanted(video_id=video_id, at=database_now())


@shared_task
def archive_wanted_sources() -> None:
    """Move what was asked for and whose message was lost."""
    for video_id in cold.wanted():
        archive_source.delay(video_id)


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
