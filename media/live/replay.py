"""The recording as a source like any upload: takes joined without encoding, then the ladder.

The replay itself needs nothing of this: the closed playlist of the fragments is there at once.
"""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from lms.common.confinement import Bounds
from lms.journal.services import record
from media import queueing
from media.live import places, publishing
from media.live.timeline import TakeFragments
from media.models import Livestream, Video
from media.probe import VideoRefused
from media.services import sha256_of
from media.transcode import run_ffmpeg

# What the encoder sent last is stored within seconds of the end.
SETTLED = timedelta(seconds=15)
FILE_BYTES = 64 * 1024**3

log = structlog.get_logger(__name__)


def recordings_to_make(*, at: datetime) -> list[int]:
    """Livestreams that are over and whose recording is not a source yet."""
    over = Livestream.objects.filter(ended_at__lt=at - SETTLED, video__source="")
    over = over.filter(video__duration_seconds__gt=0).exclude(video__state=Video.State.FAILED)
    return list(over.values_list("pk", flat=True))


def make_source(*, livestream_id: int, at: datetime) -> Video | None:
    """Join the takes and queue the ladder. Returns the video, None where it is done already.

    Without room to join them it is tried again. Takes that ffmpeg cannot join are a failed video with its reason; the replay of fragments stays.
    """
    livestream = Livestream.objects.select_related("video").get(pk=livestream_id)
    if livestream.video.source:
        return None
    (Path(settings.RUN_DIR) / "work").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=Path(settings.RUN_DIR) / "work") as work:
        folder = Path(work)
        parts = [
            _take_file(livestream, take, folder / f"take{number}.mp4")
            for number, take in enumerate(publishing.takes_of(livestream))
            if take.fragments
        ]
        try:
            whole = _joined(parts, folder)
        except VideoRefused as refusal:
            if refusal.code == "no_space":
                log.warning("recording_waits_for_room", livestream=livestream_id)
                return None
            return _give_up(livestream, refusal, at)
        return _keep(livestream, whole, at)


@transaction.atomic
def _give_up(livestream: Livestream, refusal: VideoRefused, at: datetime) -> Video:
    video = livestream.video
    video.state, video.failure_code = Video.State.FAILED, refusal.code
    video.failure_sentence = refusal.sentence
    video.save(update_fields=["state", "failure_code", "failure_sentence"])
    record(action="live.recorded", by=None, at=at, obj=livestream, outcome="refused",
           code=refusal.code, reason=refusal.sentence)  # fmt: skip
    return video


def _take_file(livestream: Livestream, take: TakeFragments, path: Path) -> Path:
    """Initialisation and fragments one after the other are a fragmented MP4 file."""
    with path.open("wb") as whole:
        for name in (take.init, *(fragment.name for fragment in take.fragments)):
            with default_storage.open(places.stored(livestream, name)) as piece:
                shutil.copyfileobj(piece, whole)
    return path


def _joined(parts: Sequence[Path], folder: Path) -> Path:
    listing, whole = folder / "takes.txt", folder / "whole.mp4"
    listing.write_text("".join(f"file '{part.name}'\n" for part in parts))
    arguments = [
        "-nostdin", "-v", "error", "-protocol_whitelist", "file", "-f", "concat", "-safe", "1",
        "-i", str(listing), "-map", "0:v:0", "-map", "0:a:0?", "-c", "copy",
        "-movflags", "+faststart", str(whole),
    ]  # fmt: skip
    bounds = Bounds(
        seconds=3600, reads=[folder], writes=[folder], cpu_seconds=3600, file_bytes=FILE_BYTES
    )
    run_ffmpeg(arguments, bounds=bounds)
    return whole


def _keep(livestream: Livestream, whole: Path, at: datetime) -> Video | None:
    with transaction.atomic():
        video = Video.objects.select_for_update().get(pk=livestream.video_id)
        if video.source:
            return None
        video.source_name, video.source_bytes = "live.mp4", whole.stat().st_size
        video.source_sha256 = sha256_of(whole)
        with whole.open("rb") as file:
            video.source.save(video.source_name, File(file), save=False)
        video.state = Video.State.QUEUED
        video.save()
        queueing.enqueue(video=video, at=at)
        detail = {"bytes": video.source_bytes, "sha256": video.source_sha256}
        record(action="live.recorded", by=None, at=at, obj=livestream, detail=detail)
    return video
